import SatchelCore

extension QueueEntry {
    /// What was entered, for sentences about it and for `edit`; nil for a mutation that this build cannot read.
    public var mutation: (any Mutation)? { entered(name, argsJson) }
}

extension Past {
    /// What was entered; nil for a mutation that this build cannot read.
    public var mutation: (any Mutation)? { entered(name, argsJson) }
}

// Whatever the arguments are: they may have been entered with another version of the app.
private func entered(_ procedure: String, _ argsJson: String) -> (any Mutation)? {
    try? mutation(of: procedure, args: JSON(parsing: argsJson))
}
