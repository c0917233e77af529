plugins {
    id("com.android.library") version "8.13.0"
    kotlin("android") version "2.2.21"
}

android {
    namespace = "dev.satchel.android"
    compileSdk = 36
    defaultConfig {
        // java.time without desugaring.
        minSdk = 26
        consumerProguardFiles("consumer-rules.pro")
    }
    sourceSets["main"].apply {
        kotlin.srcDir("../src/main/kotlin")
        jniLibs.srcDir("build/native")
    }
    compileOptions {
        sourceCompatibility = JavaVersion.VERSION_17
        targetCompatibility = JavaVersion.VERSION_17
    }
    kotlinOptions { jvmTarget = "17" }
}

// `../pom.xml` names the same versions.
dependencies {
    api("org.jetbrains.kotlinx:kotlinx-coroutines-android:1.10.2")
    implementation("org.jetbrains.kotlinx:kotlinx-serialization-json:1.9.0")
    implementation("net.java.dev.jna:jna:5.18.1@aar")
    implementation("androidx.work:work-runtime-ktx:2.10.5")
}

val native by tasks.registering(Exec::class) {
    description = "Builds libsatchel_ffi.so for the phones' processors with the NDK"
    commandLine("./build-native", layout.buildDirectory.dir("native").get().asFile.path)
}

tasks.named("preBuild") { dependsOn(native) }
