-- Searching by the beginnings of words. Text operators are not leakproof, so that row-level security would let them
-- see rows only after it has read them all; the functions here search by index, within the organization and what the
-- caller may see, and give ids. Row-level security then decides on the rows, as always.

-- Letters and digits count, whatever the language; everything else separates words.
create function satchel.search_words(phrase text) returns setof text
language sql immutable parallel safe rows 5 as $$
    select distinct left(word, 40)
    from regexp_split_to_table(lower(phrase), '[^a-z0-9\u0080-\U0010FFFF]+') word where word <> '';
$$;

-- The words of a text as lexemes that begin with their organization: one index serves all, and a search reads only
-- the part of its own.
create function satchel.search_vector(org uuid, phrase text) returns tsvector
language plpgsql immutable parallel safe set search_path = satchel, pg_temp as $$
begin
    return array_to_tsvector(array(select org || '/' || word from search_words(phrase) word));
end
$$;

-- Matches what has, for every word of the phrase, a word that begins with it; null when there is no word.
create function satchel.search_query(org uuid, phrase text) returns tsquery
language plpgsql immutable parallel safe set search_path = satchel, pg_temp as $$
begin
    return (select string_agg(format('''%s/%s'':*', org, word), ' & ')::tsquery from search_words(phrase) word);
end
$$;

-- What each kind of thing is found by.
create function satchel.job_words(org uuid, number text, title text) returns tsvector
language plpgsql immutable parallel safe set search_path = satchel, pg_temp as $$
begin
    return search_vector(org, concat_ws(' ', number, title));
end
$$;
create function satchel.customer_words(org uuid, name text, phone text, email text) returns tsvector
language plpgsql immutable parallel safe set search_path = satchel, pg_temp as $$
begin
    return search_vector(org, concat_ws(' ', name, phone, regexp_replace(phone, '[^0-9]', '', 'g'), email));
end
$$;
create function satchel.location_words(org uuid, address text) returns tsvector
language plpgsql immutable parallel safe set search_path = satchel, pg_temp as $$
begin
    return search_vector(org, address);
end
$$;
-- Whoever writes such a row computes its words.
grant execute on function
    satchel.search_words(text), satchel.search_vector(uuid, text), satchel.search_query(uuid, text),
    satchel.job_words(uuid, text, text), satchel.customer_words(uuid, text, text, text),
    satchel.location_words(uuid, text)
to satchel_office, satchel_field, satchel_service;

create index job_search on satchel.job using gin (satchel.job_words(org_id, number, title));
create index customer_search on satchel.customer using gin (satchel.customer_words(org_id, name, phone, email));
create index location_search on satchel.location using gin (satchel.location_words(org_id, address));

create policy search on satchel.customer for select to satchel_internal using (true);
create policy search on satchel.location for select to satchel_internal using (true);

-- Jobs in which every word of the phrase is found: in number or title, customer or address. Newest first, from below
-- an id, at most so many. The longest word goes by index; the others are looked for in what it finds.
create function satchel.find_jobs(phrase text, in_branch uuid, before uuid, rows_max integer) returns setof uuid
language plpgsql stable security definer rows 50
set search_path = satchel, pg_temp set enable_seqscan = off as $$
declare
    org uuid := org_if_member();
    branches uuid[] := array(select my_branch_ids());
    mine uuid[] := array(select my_job_ids());
    every_word tsquery := search_query(org, phrase);
    longest tsquery := search_query(org, (select word from search_words(phrase) word order by length(word) desc, word limit 1));
begin
    return query
        with hit as materialized (
            select j.id from job j where job_words(j.org_id, j.number, j.title) @@ longest
            union
            select j.id from customer c join job j on j.org_id = c.org_id and j.customer_id = c.id
            where customer_words(c.org_id, c.name, c.phone, c.email) @@ longest
            union
            select j.id from location l join job j on j.org_id = l.org_id and j.location_id = l.id
            where location_words(l.org_id, l.address) @@ longest
        )
        select hit.id from (select id from hit where id < before order by id desc) hit
        -- One after the other, so that it ends as soon as the page is full: that is what the offset is for.
        cross join lateral (
            select from job j
            join customer c on c.org_id = j.org_id and c.id = j.customer_id
            join location l on l.org_id = j.org_id and l.id = j.location_id
            where j.org_id = org and j.id = hit.id
              and (j.branch_id = any (branches) or j.id = any (mine))
              and (in_branch is null or j.branch_id = in_branch)
              and job_words(j.org_id, j.number, j.title) || customer_words(c.org_id, c.name, c.phone, c.email)
                  || location_words(l.org_id, l.address) @@ every_word
            offset 0
        ) fits
        order by hit.id desc limit rows_max;
end
$$;

-- Customers in whose name, telephone number, e-mail address or one of whose addresses every word is found.
create function satchel.find_customers(phrase text, before uuid, rows_max integer) returns setof uuid
language plpgsql stable security definer rows 50
set search_path = satchel, pg_temp set enable_seqscan = off as $$
declare
    org uuid := org_if_member();
    everybody boolean := org_if_may('read') is not null;
    mine uuid[] := array(select my_customer_ids());
    every_word tsquery := search_query(org, phrase);
    longest tsquery := search_query(org, (select word from search_words(phrase) word order by length(word) desc, word limit 1));
begin
    return query
        with hit as materialized (
            select c.id from customer c where customer_words(c.org_id, c.name, c.phone, c.email) @@ longest
            union
            select l.customer_id from location l where location_words(l.org_id, l.address) @@ longest
        )
        select hit.id from (select id from hit where id < before order by id desc) hit
        cross join lateral (
            select from customer c
            where c.org_id = org and c.id = hit.id
              and (everybody or c.id = any (mine))
              and customer_words(c.org_id, c.name, c.phone, c.email) || search_vector(org, coalesce((
                  select string_agg(l.address, ' ') from location l
                  where l.org_id = c.org_id and l.customer_id = c.id), '')) @@ every_word
            offset 0
        ) fits
        order by hit.id desc limit rows_max;
end
$$;

grant execute on function
    satchel.find_jobs(text, uuid, uuid, integer), satchel.find_customers(text, uuid, integer)
to satchel_office, satchel_field;
