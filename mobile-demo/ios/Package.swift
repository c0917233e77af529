// swift-tools-version: 6.0
import PackageDescription

// What screens show and do. The screens are in App/, which the Xcode project of App/project.yml builds.
let package = Package(
    name: "FieldDay",
    platforms: [.iOS(.v17), .macOS(.v14)],
    products: [.library(name: "FieldDay", targets: ["FieldDay"])],
    dependencies: [.package(name: "Satchel", path: "../../bindings/swift")],
    targets: [
        .target(
            name: "FieldDay",
            dependencies: [.product(name: "Satchel", package: "Satchel")],
            // Observation for Linux lacks a function, by which it would end the process, before Swift 6.2 (swiftlang/swift#75670).
            linkerSettings: [.unsafeFlags(["-Xlinker", "--allow-shlib-undefined"], .when(platforms: [.linux]))]
        ),
        .testTarget(
            name: "FieldDayTests",
            dependencies: [
                "FieldDay",
                .product(name: "Satchel", package: "Satchel"),
                .product(name: "SatchelTesting", package: "Satchel"),
            ]
        ),
    ]
)
