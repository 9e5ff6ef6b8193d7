namespace Tsds.IntegrationTests.Sources;

/// <summary>
/// Faults of a server's answer, in the order in which a test server gives them: no more than two in a row fail.
/// </summary>
internal enum Fault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The server says that it cannot answer now.</summary>
    Unavailable,

    /// <summary>The connection is closed in the middle of the body.</summary>
    Broken,

    /// <summary>The body comes in pieces, with pauses between them.</summary>
    Slow,

    /// <summary>The body is shorter than what was asked for, and says so.</summary>
    Short,

    /// <summary>The connection is closed before anything is sent.</summary>
    Closed,
}
