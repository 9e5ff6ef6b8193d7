namespace Tsds.Data.Datasets;

/// <summary>One configuration of a dataset in the hub's layout.</summary>
/// <param name="Name">Its name.</param>
/// <param name="IsDefault">True if it is used when none is named.</param>
/// <param name="Splits">By split, the paths and globs of its files.</param>
internal sealed record HubConfig(string Name, bool IsDefault, IReadOnlyDictionary<string, List<string>> Splits);
