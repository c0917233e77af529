plugins {
    id("com.android.application") version "8.13.0"
    kotlin("android") version "2.2.21"
}

android {
    namespace = "dev.satchel.demo"
    compileSdk = 36
    defaultConfig {
        applicationId = "dev.satchel.demo"
        // java.time without desugaring.
        minSdk = 26
        // What the tests run on.
        targetSdk = 34
        versionCode = 1
        versionName = "0.1.0"
    }
    sourceSets["main"].kotlin.srcDir("../src/main/kotlin")
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    kotlinOptions { jvmTarget = "17" }
}

// `../pom.xml` names the same versions.
dependencies {
    implementation("dev.satchel:satchel-android")
    implementation("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.10.2")
    implementation("org.jetbrains.kotlinx:kotlinx-serialization-json:1.9.0")
}
