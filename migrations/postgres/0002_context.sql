-- Who is asking. Set by satchel.enter() for one transaction; null outside, and then nothing is visible.

create function satchel.current_org() returns uuid
language sql stable parallel safe
return nullif(current_setting('satchel.org_id', true), '')::uuid;

create function satchel.current_user_id() returns uuid
language sql stable parallel safe
return nullif(current_setting('satchel.user_id', true), '')::uuid;

grant execute on function satchel.current_org(), satchel.current_user_id()
    to satchel_service, satchel_office, satchel_field, satchel_waker;
