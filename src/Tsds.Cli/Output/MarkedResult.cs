namespace Tsds.Cli.Output;

/// <summary>The result of <c>tsds export</c> to a database.</summary>
/// <param name="Rows">The rows marked.</param>
/// <param name="Address">The table or collection.</param>
/// <param name="Field">The field that is true for them.</param>
internal sealed record MarkedResult(long Rows, string Address, string Field);
