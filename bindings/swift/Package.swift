// swift-tools-version: 6.0
import Foundation
import PackageDescription

// On Linux: the folder of libsatchel_ffi.so, where `cargo test` puts it. On Apple's systems apps link the XCFramework that
// `build-xcframework` makes instead.
let library = ProcessInfo.processInfo.environment["SATCHEL_LIBRARY"] ?? "../../target/debug/deps"

let package = Package(
    name: "Satchel",
    platforms: [.iOS(.v16), .macOS(.v13)],
    products: [.library(name: "Satchel", targets: ["Satchel"])],
    targets: [
        .target(name: "satchel_ffiFFI"),
        .target(
            name: "SatchelCore",
            dependencies: ["satchel_ffiFFI"],
            // Written by uniffi, which does not promise the checks of Swift 6.
            swiftSettings: [.swiftLanguageMode(.v5)],
            linkerSettings: [
                .linkedLibrary("satchel_ffi"),
                .unsafeFlags(["-L\(library)", "-Xlinker", "-rpath", "-Xlinker", library]),
            ]
        ),
        .target(name: "Satchel", dependencies: ["SatchelCore"]),
        .testTarget(name: "SatchelTests", dependencies: ["Satchel"]),
    ]
)
