namespace Tsds.Explorer.Wire;

/// <summary>Represents how much is answered at once.</summary>
/// <param name="RowsPerRequest">Rows of one request for texts.</param>
/// <param name="CharactersPerRow">Characters of each of their texts.</param>
/// <param name="CharactersPerPage">Characters of the text of one row.</param>
/// <param name="SearchHits">Rows that a search lists.</param>
/// <param name="MadeTargets">Rows that become targets.</param>
internal sealed record LimitsRecord(
    int RowsPerRequest,
    int CharactersPerRow,
    int CharactersPerPage,
    int SearchHits,
    int MadeTargets
);
