using System.CommandLine;

namespace Tsds.Cli.Options;

/// <summary>The options of <c>tsds index</c>.</summary>
internal sealed class IndexOptions
{
    private readonly SelectOptions _select = new();

    public Option<string[]> PoolVectors { get; } =
        new("--pool-vectors")
        {
            HelpName = SelectOptions.VectorsName,
            Description = "Embeddings of the pool, in the order in which 'tsds select' will get them. Required.",
            AllowMultipleArgumentsPerToken = true,
            Arity = ArgumentArity.OneOrMore,
        };

    public Option<string> Out { get; } =
        new("--out")
        {
            HelpName = "DIR",
            Description = "Folder for the index; must be empty or new. Required.",
            Arity = ArgumentArity.ExactlyOne,
        };

    public Option<bool> Force { get; } =
        new("--force")
        {
            Description = "Replace the index in a folder that is not empty; other files stay.",
            Arity = ArgumentArity.Zero,
        };

    public Option<string> Normalize => _select.Normalize;

    public MachineFlags Machine => _select.Machine;

    public Option<bool> Json => _select.Json;

    public Option<string> Config => _select.Config;

    public IReadOnlyList<Option> All =>
        [PoolVectors, Out, Force, Normalize, Machine.Threads, .. _select.Sources.All, Json, Config];
}
