namespace Tsds.Cli.Agents;

/// <summary>A command as an agent sees it: what it is for, what it takes, and how it is called.</summary>
/// <param name="Name">The name of the tool.</param>
/// <param name="Command">The words of the command line before the parameters.</param>
/// <param name="Description">What it does, and when to use it.</param>
/// <param name="Parameters">What it takes.</param>
internal sealed record AgentVerb(
    string Name,
    IReadOnlyList<string> Command,
    string Description,
    IReadOnlyList<AgentParameter> Parameters
)
{
    // Those that run on this machine without a folder of their own.
    private static readonly string[] Embedders = ["auto", "lexical+static", "lexical", "static", "minilm", "arctic-xs"];

    private static readonly AgentParameter Pool = new(
        "pool",
        "--pool",
        ParameterKind.Paths,
        "Files or folders of rows to choose from: JSON lines, JSON, CSV, Parquet, Arrow."
    )
    {
        IsRequired = true,
    };

    private static readonly AgentParameter Target = new(
        "target",
        "--target",
        ParameterKind.Paths,
        "Files with 10 to 2,000 good examples of the task."
    )
    {
        IsRequired = true,
    };

    private static readonly AgentParameter Budget = new(
        "budget",
        "--budget",
        ParameterKind.Number,
        "How much to choose: rows (1000), a share of the pool ('5%') or tokens ('20Mtok')."
    )
    {
        IsRequired = true,
    };

    private static readonly AgentParameter Overwrite = new(
        "overwrite",
        "--force",
        ParameterKind.Flag,
        "Replace what an earlier run left there. Without it, existing files are never replaced."
    );

    private static readonly AgentParameter Out = new(
        "out",
        "--out",
        ParameterKind.Path,
        "A new folder for what is written."
    )
    {
        IsRequired = true,
    };

    private static readonly AgentParameter Selection = new(
        "selection",
        "",
        ParameterKind.Selection,
        "The folder that 'select' wrote."
    )
    {
        IsRequired = true,
    };

    private static readonly AgentParameter[] Inputs =
    [
        Pool,
        Target,
        Budget,
        new("embedder", "--embedder", ParameterKind.Text, "What turns rows into vectors. Default: lexical+static.")
        {
            Words = Embedders,
        },
        new("exclude", "--exclude", ParameterKind.Paths, "Rows that must not be chosen, such as test sets."),
        new("text_field", "--text-field", ParameterKind.Text, "The field with the text, if it is not recognized."),
        new("on_bad_row", "--on-bad-row", ParameterKind.Text, "Stop at a row that cannot be used, or leave it out.")
        {
            Words = ["fail", "skip"],
        },
    ];

    private static readonly AgentParameter[] Settings =
    [
        new("alpha", "--alpha", ParameterKind.Number, "Nearness to the targets (1) against diversity (0), or 'auto'."),
        new("relevance", "--relevance", ParameterKind.Number, "Weight of what all targets say together, or 'auto'."),
        new("seed", "--seed", ParameterKind.Number, "Seed of the draw. Default: 0."),
    ];

    /// <summary>Gets the tools.</summary>
    public static IReadOnlyList<AgentVerb> All { get; } =
    [
        new(
            "inspect",
            ["inspect"],
            "Describes files of rows: schema, rows, tokens, bad rows, duplicates, what each trainer would read. "
                + "Writes nothing. Use it first.",
            [
                new("paths", "", ParameterKind.Paths, "Files or folders.") { IsRequired = true },
                .. Inputs.Where(parameter => parameter.Name == "text_field"),
            ]
        ),
        new(
            "estimate",
            ["select", "--dry-run"],
            "Says what a selection would read and how much memory it would take. Writes nothing.",
            [.. Inputs, .. Settings]
        ),
        new(
            "select",
            ["select"],
            "Chooses the rows of a pool that serve the task of the targets best, and proves it. Writes a folder: "
                + "selected.jsonl for training, lineage, report.html, manifest.json.",
            [.. Inputs, .. Settings, Out, Overwrite]
        ),
        new(
            "explain",
            ["explain"],
            "Says why a row was chosen or was not, or how well a target is served.",
            [Selection, new("subject", "", ParameterKind.Text, "row:17, target:3 or id:NAME.") { IsRequired = true }]
        ),
        new(
            "compare",
            ["compare"],
            "Judges selection methods on one budget by targets held out from them. Takes minutes on large pools.",
            [
                .. Inputs,
                new("methods", "--methods", ParameterKind.Text, "Such as 'random,dsir', or 'all'. Default: all."),
                Out,
                Overwrite,
            ]
        ),
        new(
            "export",
            ["export"],
            "Writes a selection as a trainer reads it, and says what the trainer's configuration needs.",
            [
                Selection,
                new("to", "--to", ParameterKind.Text, "The trainer.")
                {
                    IsRequired = true,
                    Words = [.. Tsds.Jobs.Export.TrainerRules.InOrder.Select(rules => rules.Word)],
                },
                Out with
                {
                    Description = "The folder. Default: export-TRAINER in the selection's.",
                    IsRequired = false,
                },
                new("name", "--name", ParameterKind.Text, "The name of the dataset."),
                Inputs.Single(parameter => parameter.Name == "on_bad_row"),
                Overwrite,
            ]
        ),
        new(
            "verify",
            ["verify"],
            "Checks whether a selection is what its manifest says, by selecting again. Writes nothing.",
            [Selection]
        ),
    ];

    /// <summary>Gets a value indicating whether the tool writes files.</summary>
    public bool Writes => Parameters.Contains(Overwrite);
}
