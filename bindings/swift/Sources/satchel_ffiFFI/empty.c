// SwiftPM wants a source in every target.
