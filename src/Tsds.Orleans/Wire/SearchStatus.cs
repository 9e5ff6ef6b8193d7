namespace Tsds.Orleans.Wire;

/// <summary>The status of a search on a worker.</summary>
internal enum SearchStatus
{
    /// <summary>
    /// The worker has no such search: it was restarted, or it dropped the search because no client polled it.
    /// </summary>
    Unknown,

    /// <summary>The search is running, or waits for another one to end.</summary>
    Running,

    /// <summary>The search is done and its answer can be downloaded.</summary>
    Done,
}
