#if canImport(Security)
import Foundation
import Satchel
import Security

/// One item of this device's keychain, which no backup carries to another device.
struct KeychainItem: Sendable {
    let account: String

    private var query: [String: Any] {
        [
            kSecClass as String: kSecClassGenericPassword,
            kSecAttrService as String: "dev.satchel.fieldday",
            kSecAttrAccount as String: account,
        ]
    }

    func read() throws -> Data? {
        var asked = query
        asked[kSecReturnData as String] = true
        var found: CFTypeRef?
        let status = SecItemCopyMatching(asked as CFDictionary, &found)
        if status == errSecItemNotFound { return nil }
        try check(status)
        return found as? Data
    }

    func write(_ data: Data) throws {
        let status = SecItemUpdate(query as CFDictionary, [kSecValueData as String: data] as CFDictionary)
        guard status == errSecItemNotFound else { return try check(status) }
        var item = query
        item[kSecValueData as String] = data
        // Background syncs read it while the device is locked.
        item[kSecAttrAccessible as String] = kSecAttrAccessibleAfterFirstUnlockThisDeviceOnly
        try check(SecItemAdd(item as CFDictionary, nil))
    }

    func remove() throws {
        let status = SecItemDelete(query as CFDictionary)
        if status != errSecItemNotFound { try check(status) }
    }

    private func check(_ status: OSStatus) throws {
        guard status == errSecSuccess else {
            throw SessionStoreError.Failed(explanation: "the keychain answered \(status)")
        }
    }
}

/// The session, in the keychain.
final class KeychainSession: SessionStore {
    private let item = KeychainItem(account: "session")

    func load() throws -> String? { try item.read().map { String(decoding: $0, as: UTF8.self) } }
    func save(session: String) throws { try item.write(Data(session.utf8)) }
    func clear() throws { try item.remove() }
}

/// The number by which a replica that was restored from a backup is known.
enum InstallNonce {
    static func get() throws -> UUID {
        let item = KeychainItem(account: "install-nonce")
        if let kept = try item.read().flatMap({ UUID(uuidString: String(decoding: $0, as: UTF8.self)) }) { return kept }
        let made = UUID()
        try item.write(Data(made.uuidString.utf8))
        return made
    }
}
#endif
