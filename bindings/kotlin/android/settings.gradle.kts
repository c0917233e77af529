// Packs `bindings/kotlin` as an AAR. Needs the Android SDK and NDK: see README.md beside this file.
pluginManagement {
    repositories { google(); mavenCentral(); gradlePluginPortal() }
}
dependencyResolutionManagement {
    repositories { google(); mavenCentral() }
}
rootProject.name = "satchel-android"
