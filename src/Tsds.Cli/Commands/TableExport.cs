using System.CommandLine;
using Tsds.Cli.Options;
using Tsds.Cli.Output;
using Tsds.Jobs.Export;
using Tsds.Sources;
using Tsds.Sources.Push;

namespace Tsds.Cli.Commands;

/// <summary>The part of <c>tsds export</c> that marks the chosen rows in the database of the pool.</summary>
/// <param name="terminal">Where it writes.</param>
/// <param name="notice">Receives lines about what is asked for again.</param>
/// <param name="field">The option that names the field.</param>
internal sealed class TableExport(CliConsole terminal, Action<string> notice, Option<string> field)
{
    private const string Qdrant = "qdrant";
    private const string PgVector = "pgvector";

    /// <summary>The words for <c>--to</c>.</summary>
    public const string Syntax = Qdrant + "|" + PgVector;

    /// <summary>Determines whether a word means a database.</summary>
    public static bool IsDatabase(string word) => word is Qdrant or PgVector;

    /// <summary>Marks the rows of a selection.</summary>
    /// <param name="reader">What was given.</param>
    /// <param name="selection">The folder of the selection.</param>
    /// <param name="database">The word that was given for <c>--to</c>.</param>
    /// <param name="flags">The options of the command that say how.</param>
    /// <param name="cancellationToken">Stops.</param>
    /// <returns>The exit code.</returns>
    /// <exception cref="ArgumentException">The name of the field is none.</exception>
    public async Task<int> RunAsync(
        OptionReader reader,
        string selection,
        string database,
        (Option<bool> Force, Option<bool> AllowHttp) flags,
        CancellationToken cancellationToken
    )
    {
        string name = reader.Find(field)?.Text ?? TablePush.DefaultField;
        if (!TablePush.IsField(name))
        {
            throw reader
                .Find(field)!
                .Expected("a name of letters, digits and _, of at most 63 and without a digit at its beginning");
        }

        string[] schemes = database == Qdrant ? [TablePush.QdrantScheme] : TablePush.PostgresSchemes;
        SelectedIds selected = SelectedIds.Read(selection, schemes);
        SourceOptions options = new() { Notice = notice, AllowsHttp = reader.IsSet(flags.AllowHttp) };
        await TablePush
            .RunAsync(selected.Address, selected.Ids, name, reader.IsSet(flags.Force), options, cancellationToken)
            .ConfigureAwait(false);
        terminal.Events?.Write("result", new MarkedResult(selected.Ids.Count, selected.Address, name));
        if (terminal.Events is null)
        {
            terminal.Out.WriteLine(
                $"Marked {Quantity.Of(selected.Ids.Count, "row")} in {SafeText.OneLine(selected.Address)}: {name} is "
                    + "true for them and for no others."
            );
        }

        return ExitCode.Done;
    }
}
