// swift-tools-version: 6.0
import Foundation
import PackageDescription

// `build-xcframework` puts it here, on a Mac: the native library of iPhones, simulators and Macs. Without it, a shared library
// is linked: libsatchel_ffi.so in the folder that SATCHEL_LIBRARY names, or where `cargo test` leaves it.
let framework = "SatchelFFI.xcframework"
let isPacked = FileManager.default.fileExists(atPath: Context.packageDirectory + "/" + framework)
let folder = Context.environment["SATCHEL_LIBRARY"] ?? Context.packageDirectory + "/../../target/debug/deps"

// The XCFramework brings the header and its module map along.
let native: Target = isPacked
    ? .binaryTarget(name: "satchel_ffiFFI", path: framework)
    : .target(name: "satchel_ffiFFI")
let linking: [LinkerSetting] = isPacked
    ? []
    : [.linkedLibrary("satchel_ffi"), .unsafeFlags(["-L" + folder, "-Xlinker", "-rpath", "-Xlinker", folder])]

let package = Package(
    name: "Satchel",
    platforms: [.iOS(.v16), .macOS(.v13)],
    products: [
        .library(name: "Satchel", targets: ["Satchel"]),
        .library(name: "SatchelTesting", targets: ["SatchelTesting"]),
    ],
    targets: [
        native,
        .target(
            name: "SatchelCore",
            dependencies: ["satchel_ffiFFI"],
            // Written by uniffi, which does not promise the checks of Swift 6.
            swiftSettings: [.swiftLanguageMode(.v5)],
            linkerSettings: linking
        ),
        .target(name: "Satchel", dependencies: ["SatchelCore"]),
        // A real server for tests, also for those of apps.
        .target(name: "SatchelTesting", dependencies: ["Satchel"], path: "Tests/SatchelTesting"),
        .testTarget(name: "SatchelTests", dependencies: ["Satchel", "SatchelTesting"]),
    ]
)
