using System.Text.Json;
using System.Text.Json.Nodes;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>The lines that a trainer's configuration needs to read an export.</summary>
/// <param name="FileName">The file that the snippet is written to.</param>
/// <param name="Text">The snippet.</param>
internal sealed record TrainerSnippet(string FileName, string Text)
{
    private static readonly JsonSerializerOptions QuoteOptions = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes the snippet of a trainer.</summary>
    /// <param name="options">The export; paths are given as its output folder is.</param>
    /// <param name="layout">How the rows are written.</param>
    /// <param name="dataFile">The path of the rows within the output folder, a pattern where there are several
    /// files.</param>
    public static TrainerSnippet Create(ExportJobOptions options, ExportLayout layout, string dataFile)
    {
        string folder = options.OutputName ?? options.Output;
        string path = Path.Combine(folder, dataFile).Replace('\\', '/');
        string kind = options.Format == ExportFormat.Parquet ? "parquet" : "json";
        return options.Trainer switch
        {
            Trainer.Axolotl => new("axolotl.yaml", Axolotl(layout, path, kind)),
            Trainer.LlamaFactory => new(
                "llama-factory.yaml",
                $"dataset_dir: {Quote(folder)}\ndataset: {options.Name}\n"
                    + layout.WrittenSchema switch
                    {
                        RowSchema.Text => "stage: pt\n",
                        RowSchema.Preference => "stage: dpo\n",
                        _ => "stage: sft\n",
                    }
            ),
            Trainer.Torchtune => new("torchtune.yaml", Torchtune(layout, path, kind)),
            Trainer.Trl => new("trl_dataset.py", Trl(layout, path, kind)),
            Trainer.Unsloth => new("unsloth_dataset.py", Unsloth(layout, path, kind)),
            Trainer.MsSwift => new("ms-swift.sh", MsSwift(layout, path)),
            Trainer.NeMo => new(
                "nemo_dataset.py",
                "from nemo.collections import llm\n\n# For llm.finetune(data=data, ...).\n"
                    + $"data = llm.ChatDataModule(dataset_root={Quote(folder)}, "
                    + "use_hf_tokenizer_chat_template=True)\n"
            ),
            Trainer.OpenAI => new("openai_fine_tuning.py", OpenAI(layout, path)),
            _ => new(
                "load_dataset.py",
                $"from datasets import load_dataset\n\ndataset = load_dataset({Quote(folder)}, " + $"split=\"train\")\n"
            ),
        };
    }

    /// <summary>Returns the entry of <c>dataset_info.json</c>; it names only what the rows have.</summary>
    /// <param name="layout">How the rows are written.</param>
    /// <param name="fileName">The file or folder of the rows, within that of the list.</param>
    public static JsonObject DatasetInfoEntry(ExportLayout layout, string fileName)
    {
        bool isPreferenceOfTurns = layout.Form == ExportForm.Preference;
        bool isSharegpt = layout.IsChat || isPreferenceOfTurns;
        JsonObject columns = [];
        foreach ((string name, string column) in ColumnsOf(layout, isSharegpt))
        {
            columns[name] = column;
        }

        JsonObject entry = new()
        {
            ["file_name"] = fileName,
            ["formatting"] = isSharegpt ? "sharegpt" : "alpaca",
            ["columns"] = columns,
        };
        if (layout.WrittenSchema == RowSchema.Preference)
        {
            entry["ranking"] = true;
        }

        if (isSharegpt)
        {
            entry["tags"] = Tags(layout);
        }

        return entry;
    }

    /// <summary>Returns the columns that the configuration names, all of which the rows must have.</summary>
    /// <param name="layout">How the rows are written.</param>
    public static IEnumerable<string> NamedColumns(ExportLayout layout) =>
        layout.Rules.Trainer == Trainer.LlamaFactory
            ? ColumnsOf(layout, layout.IsChat || layout.Form == ExportForm.Preference).Select(pair => pair.Column)
        : layout.IsChat ? [layout.List]
        : [];

    private static IEnumerable<(string Name, string Column)> ColumnsOf(ExportLayout layout, bool isSharegpt)
    {
        if (isSharegpt)
        {
            yield return ("messages", layout.List);
            if (layout.Form == ExportForm.Preference)
            {
                yield return ("chosen", "chosen");
                yield return ("rejected", "rejected");
            }
        }
        else
        {
            (string Name, string Column)[] pairs = layout.WrittenSchema switch
            {
                RowSchema.Alpaca => [("prompt", "instruction"), ("query", "input"), ("response", "output")],
                RowSchema.PromptCompletion => [("prompt", "prompt"), ("response", "completion")],
                RowSchema.QueryResponse => [("prompt", "query"), ("response", "response")],
                RowSchema.Preference => [("prompt", "prompt"), ("chosen", "chosen"), ("rejected", "rejected")],
                _ => [("prompt", "text")],
            };
            foreach (
                (string name, string column) in pairs.Where(pair =>
                    layout.Form != ExportForm.AsIs || layout.HasColumn(pair.Column)
                )
            )
            {
                yield return (name, column);
            }
        }

        foreach (string name in new[] { "system", "history" })
        {
            bool isRead = layout.WrittenSchema != RowSchema.Text && (name == "system" || !isSharegpt);
            if (isRead && layout.HasColumn(name))
            {
                yield return (name, name);
            }
        }

        if (layout.Survey.Tools != ToolsForm.None)
        {
            yield return ("tools", "tools");
        }

        foreach (MediaKind kind in layout.Survey.Media.Where(kind => kind != MediaKind.Other))
        {
            yield return (MediaPart.ColumnOf(kind), MediaPart.ColumnOf(kind));
        }
    }

    private static JsonObject Tags(ExportLayout layout)
    {
        bool hasFromKeys = layout.HasFromKeys;
        string Name(string usual, Func<string, TurnRole, bool> isRole) =>
            layout.Form == ExportForm.AsIs
                ? layout
                    .Survey.RoleNames.Where(pair => isRole(pair.Key, pair.Value))
                    .Select(pair => pair.Key)
                    .FirstOrDefault(usual)
                : usual;
        return new JsonObject
        {
            ["role_tag"] = hasFromKeys ? "from" : "role",
            ["content_tag"] = hasFromKeys ? "value" : "content",
            ["user_tag"] = Name(hasFromKeys ? "human" : "user", (_, role) => role == TurnRole.User),
            ["assistant_tag"] = Name(
                hasFromKeys ? "gpt" : "assistant",
                (name, role) => role == TurnRole.Assistant && !TurnRoles.IsCall(name)
            ),
            ["observation_tag"] = Name(hasFromKeys ? "observation" : "tool", (_, role) => role == TurnRole.Tool),
            ["function_tag"] = Name("function_call", (name, _) => TurnRoles.IsCall(name)),
            ["system_tag"] = Name("system", (_, role) => role == TurnRole.System),
        };
    }

    private static string Axolotl(ExportLayout layout, string path, string kind)
    {
        bool isPattern = path.EndsWith("/train-*.parquet", StringComparison.Ordinal);
        List<string> lines = [];

        // The path is tested for its existence, which a pattern fails.
        lines.Add($"path: {Quote(isPattern ? path[..path.LastIndexOf('/')] : path)}");
        lines.Add($"ds_type: {kind}");
        if (isPattern)
        {
            lines.Add($"data_files: {Quote(path)}");
        }

        lines.Add("split: train");
        switch (layout.WrittenSchema)
        {
            case RowSchema.ChatMl or RowSchema.ShareGpt:
                lines.Add("type: chat_template");
                lines.Add($"field_messages: {Quote(layout.List)}");
                AddTurnSettings(lines, layout);
                break;
            case RowSchema.Alpaca:
                lines.Add("type: alpaca");
                break;
            case RowSchema.Text:
                lines.Add("type: completion");
                lines.Add("field: text");
                break;
            case RowSchema.Preference:
                lines.Add("type: chat_template.default");
                lines.Add("field_messages: messages");
                lines.Add("field_chosen: chosen");
                lines.Add("field_rejected: rejected");
                break;
            default:
                lines.Add("type:");
                break;
        }

        return (layout.WrittenSchema == RowSchema.Preference ? "rl: dpo\n" : "")
            + "datasets:\n"
            + string.Concat(lines.Select((line, i) => $"  {(i == 0 ? "- " : "  ")}{line}\n"));
    }

    private static void AddTurnSettings(List<string> lines, ExportLayout layout)
    {
        if (layout.HasFromKeys)
        {
            lines.AddRange(["message_property_mappings:", "  role: from", "  content: value"]);
        }

        string[] known = ["user", "human", "assistant", "gpt", "system", "tool"];
        if (layout.Form == ExportForm.AsIs && !layout.Survey.RoleNames.Keys.All(known.Contains))
        {
            lines.Add("roles:");
            foreach (
                IGrouping<TurnRole, string> role in layout
                    .Survey.RoleNames.GroupBy(pair => pair.Value, pair => pair.Key)
                    .OrderBy(group => group.Key)
            )
            {
                string target = role.Key switch
                {
                    TurnRole.System => "system",
                    TurnRole.User => "user",
                    TurnRole.Tool => "tool",
                    _ => "assistant",
                };
                lines.Add($"  {target}: [{string.Join(", ", role.Select(Quote))}]");
            }
        }

        if (layout.Survey.HasMaskedAnswers)
        {
            string key =
                layout.Form == ExportForm.AsIs ? layout.Survey.MaskKeys.First() : TurnWriter.MaskKey(MaskForm.Told);
            lines.Add($"message_field_training: {key}");
        }
    }

    private static string Torchtune(ExportLayout layout, string path, string kind)
    {
        string[] dataset = layout.WrittenSchema switch
        {
            RowSchema.ChatMl or RowSchema.ShareGpt =>
            [
                "chat_dataset",
                $"conversation_column: {Quote(layout.List)}",
                $"conversation_style: {(layout.HasFromKeys ? "sharegpt" : "openai")}",
            ],
            RowSchema.Alpaca => ["instruct_dataset", "column_map:", "  input: instruction", "  output: output"],
            RowSchema.PromptCompletion =>
            [
                "instruct_dataset",
                "column_map:",
                "  input: prompt",
                "  output: completion",
            ],
            RowSchema.QueryResponse => ["instruct_dataset", "column_map:", "  input: query", "  output: response"],
            RowSchema.Preference => ["preference_dataset"],
            _ => ["text_completion_dataset", "column: text"],
        };
        return $"dataset:\n  _component_: torchtune.datasets.{dataset[0]}\n  source: {kind}\n  data_files: "
            + $"{Quote(path)}\n  split: train\n"
            + string.Concat(dataset.Skip(1).Select(line => $"  {line}\n"));
    }

    private static string Trl(ExportLayout layout, string path, string kind)
    {
        string trainer = layout.WrittenSchema == RowSchema.Preference ? "DPOTrainer" : "SFTTrainer";
        return $"from datasets import load_dataset\n\n# For trl.{trainer}(train_dataset=dataset, ...); columns that "
            + $"it does not know are dropped.\n"
            + $"dataset = load_dataset(\"{kind}\", data_files={Quote(path)}, split=\"train\")\n";
    }

    private static string Unsloth(ExportLayout layout, string path, string kind)
    {
        bool isChat = layout.IsChat;
        bool hasTools = layout.Survey.Tools != ToolsForm.None;
        string trainer = layout.WrittenSchema == RowSchema.Preference ? "DPOTrainer" : "SFTTrainer";
        string tools = hasTools ? ", tools=json.loads(row[\"tools\"]) if row[\"tools\"] else None" : "";
        return (isChat && hasTools ? "import json\n\n" : "")
            + "from datasets import load_dataset\n\n"
            + $"# For {trainer}(train_dataset=dataset, ...)"
            + (isChat ? "; tokenizer is the one of FastLanguageModel.from_pretrained.\n" : ".\n")
            + $"dataset = load_dataset(\"{kind}\", data_files={Quote(path)}, split=\"train\")\n"
            + (
                isChat
                    ? "dataset = dataset.map(\n    lambda row: {\n        \"text\": tokenizer.apply_chat_template("
                        + $"row[\"messages\"]{tools}, tokenize=False)\n    }}\n)\n"
                    : ""
            );
    }

    private static string MsSwift(ExportLayout layout, string path)
    {
        string command = layout.WrittenSchema switch
        {
            RowSchema.Preference => "swift rlhf --rlhf_type dpo",
            _ when layout.Schema is RowSchema.Text or RowSchema.TextField => "swift pt",
            _ => "swift sft",
        };
        bool isPattern = path.EndsWith("/train-*.parquet", StringComparison.Ordinal);
        string dataset = isPattern ? $"{Shell(path[..path.LastIndexOf('/')])}/train-*.parquet" : Shell(path);
        return $"# Give the model with --model.\n{command} --dataset {dataset} \"$@\"\n";
    }

    private static string OpenAI(ExportLayout layout, string path)
    {
        string method = layout.WrittenSchema == RowSchema.Preference ? "dpo" : "supervised";
        return "from openai import OpenAI\n\nclient = OpenAI()\n"
            + $"file = client.files.create(file=open({Quote(path)}, \"rb\"), purpose=\"fine-tune\")\n"
            + "# For client.fine_tuning.jobs.create(training_file=file.id, "
            + $"method={{\"type\": \"{method}\"}}, model=...).\n";
    }

    /// <summary>Quotes a string as YAML, JSON and Python read it alike.</summary>
    private static string Quote(string text) => JsonSerializer.Serialize(text, QuoteOptions);

    /// <summary>Quotes a string as a shell reads it.</summary>
    private static string Shell(string text) => $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
