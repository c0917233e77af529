// Makes the APK. Needs the Android SDK and NDK, and Google's Maven repository: see README.md beside this file.
pluginManagement {
    repositories { google(); mavenCentral(); gradlePluginPortal() }
}
dependencyResolutionManagement {
    repositories { google(); mavenCentral() }
}
rootProject.name = "satchel-demo"
include(":app")
// The library with the native code, from its sources.
includeBuild("../../bindings/kotlin/android") {
    dependencySubstitution { substitute(module("dev.satchel:satchel-android")).using(project(":")) }
}
