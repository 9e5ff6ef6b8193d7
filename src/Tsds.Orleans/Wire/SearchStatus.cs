namespace Tsds.Orleans.Wire;

/// <summary>Where an order stands.</summary>
internal enum SearchStatus
{
    /// <summary>
    /// The worker knows no such order: it was started again, or gave the order up because nobody asked for it.
    /// </summary>
    Unknown,

    /// <summary>Searching, or waiting for another order to end.</summary>
    Running,

    /// <summary>The answer can be fetched.</summary>
    Done,
}
