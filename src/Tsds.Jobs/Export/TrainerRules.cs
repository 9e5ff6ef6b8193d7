using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>
/// The rules of a trainer, from its public sources: the rows that it reads, fails on, or loses a part of.
/// </summary>
/// <remarks>
/// The rules say nothing about how: one survey, one choice, one check and one writer work for all trainers by them. The
/// table in docs/formats.md is what they come to.
/// </remarks>
internal sealed record TrainerRules
{
    private static readonly HashSet<string> Usual = Set(["system", "user", "assistant", "tool"]);
    private static readonly HashSet<string> None = [];
    private static readonly TurnKeys Told = new([], RoleNaming.Mapped, None);
    private static readonly TurnKeys OneTold = new([], RoleNaming.OnePerRole, None);
    private static readonly TurnKeys UsualMessages = new(["messages"], RoleNaming.Fixed, Usual);

    private static readonly TurnKeys SwiftTurns = new(
        ["messages", "conversation", "conversations"],
        RoleNaming.Fixed,
        Set([
            "system",
            "user",
            "human",
            "assistant",
            "gpt",
            "bot",
            "tool",
            "tool_response",
            "function_response",
            "observation",
            "observations",
            "tool_call",
            "function_call",
        ])
    );

    private static readonly string[] TrlColumns =
    [
        "messages",
        "conversations",
        "prompt",
        "completion",
        "chosen",
        "rejected",
        "label",
        "text",
        "tools",
        "image",
        "images",
        "input_ids",
        "attention_mask",
        "labels",
        "completion_mask",
        "assistant_masks",
        "seq_lengths",
        "chat_template_kwargs",
    ];

    private static readonly Dictionary<Trainer, TrainerRules> All = new TrainerRules[]
    {
        new()
        {
            Trainer = Trainer.Axolotl,
            Word = "axolotl",
            Name = "Axolotl",
            RoleKeys = Told,
            FromKeys = Told,
            ReadsSystemColumn = true,
            Columns = Set(["system", "tools", "images", "image", "input_ids"]),
            Pairs = Read((RowSchema.Alpaca, PairParts.Input)),
            Calls = CallForm.Field,
            Tools = ToolsForm.Text | ToolsForm.List,
            Mask = MaskForm.Told,
            Reasoning = ReasoningForm.Key,
            Preference = PreferenceForm.Turns,
            ReadsAllOfPreferences = false,
            Text = TextForm.Column,
            ReadsTokens = true,
        },
        new()
        {
            Trainer = Trainer.Trl,
            Word = "trl",
            Name = "TRL",
            RoleKeys = UsualMessages,
            Columns = Set(TrlColumns),
            Pairs = Read((RowSchema.PromptCompletion, PairParts.Lists)),
            KeepsPairs = true,
            Calls = CallForm.Field,
            Tools = ToolsForm.Text | ToolsForm.List,
            Reasoning = ReasoningForm.Key,
            Preference = PreferenceForm.Columns,
            Text = TextForm.Column,
            ReadsTokens = true,
        },
        new()
        {
            Trainer = Trainer.LlamaFactory,
            Word = "llama-factory",
            Name = "LLaMA-Factory",
            RoleKeys = OneTold,
            FromKeys = OneTold,
            ReadsSystemColumn = true,
            Pairs = Read(
                (RowSchema.Alpaca, PairParts.Input | PairParts.System | PairParts.History),
                (RowSchema.PromptCompletion, PairParts.System | PairParts.History),
                (RowSchema.QueryResponse, PairParts.System | PairParts.History),
                (RowSchema.Preference, PairParts.System | PairParts.History)
            ),
            Order = TurnOrder.Alternating,
            Calls = CallForm.Turn,
            Tools = ToolsForm.Text,
            Media = MediaForm.Columns,
            Reasoning = ReasoningForm.Tags,
            Preference = PreferenceForm.Turns,
            Text = TextForm.Column,
        },
        new()
        {
            Trainer = Trainer.Torchtune,
            Word = "torchtune",
            Name = "torchtune",
            RoleKeys = new([], RoleNaming.Fixed, Set(["system", "user", "assistant"])),
            FromKeys = new([], RoleNaming.Fixed, Set(["system", "human", "gpt"])),
            Columns = Set(["image"]),
            Pairs = Read(
                (RowSchema.Alpaca, PairParts.None),
                (RowSchema.PromptCompletion, PairParts.None),
                (RowSchema.QueryResponse, PairParts.None)
            ),
            Order = TurnOrder.UserFirst,
            Preference = PreferenceForm.Conversations,
            Text = TextForm.Column,
        },
        new()
        {
            Trainer = Trainer.Unsloth,
            Word = "unsloth",
            Name = "Unsloth",
            RoleKeys = UsualMessages,
            Columns = Set(TrlColumns),
            Pairs = Read((RowSchema.PromptCompletion, PairParts.Lists)),
            KeepsPairs = true,
            Calls = CallForm.Field,
            Tools = ToolsForm.Text,
            Reasoning = ReasoningForm.Key,
            Preference = PreferenceForm.Columns,
            Text = TextForm.Column,
            ReadsTokens = true,
        },
        new()
        {
            Trainer = Trainer.HuggingFace,
            Word = "hf",
            Name = "the Hugging Face hub",
            KeepsAll = true,
            RoleKeys = Told,
            FromKeys = Told,
            ReadsSystemColumn = true,
            Calls = CallForm.Field | CallForm.Turn,
            Tools = ToolsForm.Text | ToolsForm.List,
            Media = MediaForm.Columns,
            Mask = MaskForm.Told,
            Reasoning = ReasoningForm.Key,
            Preference = PreferenceForm.Columns,
            Text = TextForm.Column,
            ReadsTokens = true,
        },
        new()
        {
            Trainer = Trainer.MsSwift,
            Word = "ms-swift",
            Name = "ms-swift",
            RoleKeys = SwiftTurns,
            FromKeys = SwiftTurns,
            ReadsSystemColumn = true,
            Columns = Set([
                .. new[]
                {
                    "messages",
                    "conversation",
                    "conversations",
                    "rejected_messages",
                    "positive_messages",
                    "negative_messages",
                    "rejected_response",
                    "images",
                    "image",
                    "videos",
                    "video",
                    "audios",
                    "audio",
                    "tools",
                    "objects",
                    "label",
                    "channel",
                    "margin",
                    "teacher_prompt",
                    "chat_template_kwargs",
                    "ref_audios",
                    "audio_codes",
                    "system",
                    "system_prompt",
                    "history",
                },
                .. new[] { "query", "prompt", "input", "instruction", "question", "problem" },
                .. new[]
                {
                    "response",
                    "answer",
                    "output",
                    "targets",
                    "target",
                    "answer_key",
                    "answers",
                    "solution",
                    "text",
                    "completion",
                    "content",
                },
            ]),
            Pairs = Read(
                (RowSchema.Alpaca, PairParts.Input | PairParts.System | PairParts.History),
                (RowSchema.PromptCompletion, PairParts.System | PairParts.History),
                (RowSchema.QueryResponse, PairParts.System | PairParts.History)
            ),
            Order = TurnOrder.Rounds,
            Calls = CallForm.Field | CallForm.Turn,
            Tools = ToolsForm.Text | ToolsForm.List,
            Media = MediaForm.Columns,
            Mask = MaskForm.Loss,
            Reasoning = ReasoningForm.Tags,
            Preference = PreferenceForm.Response,
            Text = TextForm.Answer,
        },
        new()
        {
            Trainer = Trainer.NeMo,
            Word = "nemo",
            Name = "NeMo",
            RoleKeys = UsualMessages,
            FromKeys = new(
                ["conversations"],
                RoleNaming.Fixed,
                new HashSet<string>(Usual, StringComparer.OrdinalIgnoreCase)
            ),
            Columns = Set(["messages", "conversations", "tools", "system", "mask", "type"]),
            IsTable = false,
            Calls = CallForm.Field,
            Tools = ToolsForm.List,
            Reasoning = ReasoningForm.Key,
        },
        new()
        {
            Trainer = Trainer.OpenAI,
            Word = "openai",
            Name = "OpenAI fine-tuning",
            RoleKeys = UsualMessages,
            IsTable = false,
            OnlyColumns = Set(["messages", "tools", "parallel_tool_calls"]),
            OnlyTurnKeys = Set(["role", "content", "name", "weight", "tool_calls", "tool_call_id"]),
            TakesEmptyText = false,
            MinRows = 10,
            Order = TurnOrder.AnswerLast,
            Calls = CallForm.Field,
            Tools = ToolsForm.List,
            Media = MediaForm.ImageParts,
            Mask = MaskForm.Weight,
            Preference = PreferenceForm.Outputs,
        },
    }.ToDictionary(rules => rules.Trainer);

    /// <summary>Gets the trainer.</summary>
    public required Trainer Trainer { get; init; }

    /// <summary>Gets the word for it on the command line.</summary>
    public required string Word { get; init; }

    /// <summary>Gets its name as its makers write it.</summary>
    public required string Name { get; init; }

    /// <summary>Gets a value indicating whether every row stays as it is: nothing is trained yet.</summary>
    public bool KeepsAll { get; init; }

    /// <summary>
    /// Gets the names of the lists of turns with role and content that it reads as they are; null for none.
    /// </summary>
    public TurnKeys? RoleKeys { get; init; }

    /// <summary>
    /// Gets the names of the lists of turns with from and value that it reads as they are; null for none.
    /// </summary>
    public TurnKeys? FromKeys { get; init; }

    /// <summary>Gets a value indicating whether it reads a column <c>system</c> beside turns.</summary>
    public bool ReadsSystemColumn { get; init; }

    /// <summary>Gets the columns that it reacts to whenever they are there.</summary>
    public IReadOnlySet<string> Columns { get; init; } = None;

    /// <summary>Gets the only columns that a row of turns may have; null for any.</summary>
    public IReadOnlySet<string>? OnlyColumns { get; init; }

    /// <summary>Gets the only keys that a turn may have; null for any.</summary>
    public IReadOnlySet<string>? OnlyTurnKeys { get; init; }

    /// <summary>
    /// Gets the schemas of questions and answers that it reads as they are, each with what the rows may have besides.
    /// </summary>
    public IReadOnlyDictionary<RowSchema, PairParts> Pairs { get; init; } = Read();

    /// <summary>
    /// Gets a value indicating whether prompts and completions stay apart when they are written anew, because only the
    /// completion is trained on.
    /// </summary>
    public bool KeepsPairs { get; init; }

    /// <summary>
    /// Gets a value indicating whether rows are read as a table, so that all have the same columns of the same types.
    /// </summary>
    public bool IsTable { get; init; } = true;

    /// <summary>Gets a value indicating whether a turn of the user, of a tool or of the system may be empty.</summary>
    public bool TakesEmptyText { get; init; } = true;

    /// <summary>Gets the fewest rows that it trains on.</summary>
    public int MinRows { get; init; } = 1;

    /// <summary>Gets the order of turns.</summary>
    public TurnOrder Order { get; init; }

    /// <summary>Gets how calls of tools are read.</summary>
    public CallForm Calls { get; init; }

    /// <summary>Gets how the list of tools is read.</summary>
    public ToolsForm Tools { get; init; }

    /// <summary>Gets how media are read.</summary>
    public MediaForm Media { get; init; }

    /// <summary>Gets how answers are left out of the training.</summary>
    public MaskForm Mask { get; init; }

    /// <summary>Gets how reasoning is read.</summary>
    public ReasoningForm Reasoning { get; init; }

    /// <summary>Gets how preferences are read.</summary>
    public PreferenceForm Preference { get; init; }

    /// <summary>Gets a value indicating whether tools and reasoning are read of preferences too.</summary>
    public bool ReadsAllOfPreferences { get; init; } = true;

    /// <summary>Gets how plain text is read.</summary>
    public TextForm Text { get; init; }

    /// <summary>
    /// Gets a value indicating whether token ids are read: <c>input_ids</c>, <c>attention_mask</c>, <c>labels</c>.
    /// </summary>
    public bool ReadsTokens { get; init; }

    /// <summary>Gets the rules of all trainers, in the order of <see cref="Export.Trainer"/>.</summary>
    public static IEnumerable<TrainerRules> InOrder => Enum.GetValues<Trainer>().Select(Of);

    /// <summary>Gets the rules of a trainer.</summary>
    /// <param name="trainer">The trainer.</param>
    public static TrainerRules Of(Trainer trainer) => All[trainer];

    private static Dictionary<RowSchema, PairParts> Read(params (RowSchema Schema, PairParts Parts)[] pairs) =>
        pairs.ToDictionary(pair => pair.Schema, pair => pair.Parts);

    // Frozen sets are faster to ask and much slower to make, and every start of the command makes these.
    private static HashSet<string> Set(string[] words) => [.. words];
}
