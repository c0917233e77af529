package dev.satchel.android

import android.content.Context
import androidx.work.BackoffPolicy
import androidx.work.Constraints
import androidx.work.CoroutineWorker
import androidx.work.ExistingPeriodicWorkPolicy
import androidx.work.NetworkType
import androidx.work.PeriodicWorkRequestBuilder
import androidx.work.WorkManager
import androidx.work.WorkerParameters
import dev.satchel.BackgroundSync
import dev.satchel.Satchel
import dev.satchel.syncInBackground
import java.util.concurrent.TimeUnit

/** The app's `Application` implements this: workers use the client that the screens use. */
interface SatchelOwner {
    /** Opens it on the first call. */
    suspend fun satchel(): Satchel
}

/** A turn in the background, about every quarter of an hour while there is a network. */
class SyncWorker(context: Context, parameters: WorkerParameters) : CoroutineWorker(context, parameters) {
    override suspend fun doWork(): Result {
        val owner = applicationContext as? SatchelOwner ?: return Result.failure()
        return when (owner.satchel().syncInBackground()) {
            BackgroundSync.COMPLETE, BackgroundSync.USELESS -> Result.success()
            BackgroundSync.AGAIN -> Result.retry()
        }
    }

    companion object {
        private const val NAME = "satchel-sync"
        private const val EVERY_MINUTES = 15L
        private const val BACKOFF_SECONDS = 30L

        /** Asks the system for turns; a second time changes nothing. */
        fun schedule(context: Context) {
            val online = Constraints.Builder().setRequiredNetworkType(NetworkType.CONNECTED).build()
            val request = PeriodicWorkRequestBuilder<SyncWorker>(EVERY_MINUTES, TimeUnit.MINUTES)
                .setConstraints(online)
                .setBackoffCriteria(BackoffPolicy.EXPONENTIAL, BACKOFF_SECONDS, TimeUnit.SECONDS)
                .build()
            WorkManager.getInstance(context).enqueueUniquePeriodicWork(NAME, ExistingPeriodicWorkPolicy.KEEP, request)
        }
    }
}
