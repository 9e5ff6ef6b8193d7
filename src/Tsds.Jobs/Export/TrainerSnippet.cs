using System.Text.Json;
using System.Text.Json.Nodes;
using Tsds.Data.Rows;

namespace Tsds.Jobs.Export;

/// <summary>The lines that a trainer's configuration needs to read an export.</summary>
/// <param name="FileName">The file that the snippet is written to.</param>
/// <param name="Text">The snippet.</param>
internal sealed record TrainerSnippet(string FileName, string Text)
{
    /// <summary>Creates the snippet of a trainer.</summary>
    /// <param name="options">The export; paths are given as its output folder is.</param>
    /// <param name="layout">How the rows are written.</param>
    /// <param name="dataFile">The path of the rows within the output folder, a pattern where there are several
    /// files.</param>
    public static TrainerSnippet Create(ExportJobOptions options, RowLayout layout, string dataFile)
    {
        string path = Path.Combine(options.Output, dataFile).Replace('\\', '/');
        string kind = options.Format == ExportFormat.Parquet ? "parquet" : "json";
        return options.Trainer switch
        {
            Trainer.Axolotl => new("axolotl.yaml", Axolotl(layout, path, kind)),
            Trainer.LlamaFactory => new(
                "llama-factory.yaml",
                $"dataset_dir: {Quote(options.Output)}\ndataset: {options.Name}\n"
                    + (
                        layout.Schema == RowSchema.Text ? "stage: pt\n"
                        : layout.Schema == RowSchema.Preference ? "stage: dpo\n"
                        : "stage: sft\n"
                    )
            ),
            Trainer.Torchtune => new("torchtune.yaml", Torchtune(layout, path, kind)),
            Trainer.Trl => new("trl_dataset.py", Trl(layout, path, kind)),
            Trainer.Unsloth => new("unsloth_dataset.py", Unsloth(layout, path, kind)),
            _ => new(
                "load_dataset.py",
                $"from datasets import load_dataset\n\ndataset = load_dataset({Quote(options.Output)}, "
                    + $"split=\"train\")\n"
            ),
        };
    }

    /// <summary>Returns the entry of <c>dataset_info.json</c>.</summary>
    public static JsonObject DatasetInfoEntry(RowLayout layout, string fileName, bool hasTools)
    {
        JsonObject columns = layout.Schema switch
        {
            RowSchema.ChatMl or RowSchema.ShareGpt => new JsonObject { ["messages"] = layout.MessagesField },
            RowSchema.Alpaca => new JsonObject
            {
                ["prompt"] = "instruction",
                ["query"] = "input",
                ["response"] = "output",
                ["system"] = "system",
                ["history"] = "history",
            },
            RowSchema.PromptCompletion => new JsonObject { ["prompt"] = "prompt", ["response"] = "completion" },
            RowSchema.QueryResponse => new JsonObject
            {
                ["prompt"] = "query",
                ["response"] = "response",
                ["system"] = "system",
                ["history"] = "history",
            },
            RowSchema.Preference => new JsonObject
            {
                ["prompt"] = "prompt",
                ["chosen"] = "chosen",
                ["rejected"] = "rejected",
            },
            _ => new JsonObject { ["prompt"] = "text" },
        };
        bool isChat = layout.Schema is RowSchema.ChatMl or RowSchema.ShareGpt;
        if (isChat && hasTools)
        {
            columns["tools"] = "tools";
        }

        JsonObject entry = new()
        {
            ["file_name"] = fileName,
            ["formatting"] = isChat ? "sharegpt" : "alpaca",
            ["columns"] = columns,
        };
        if (layout.Schema == RowSchema.Preference)
        {
            entry["ranking"] = true;
        }

        if (layout.Schema == RowSchema.ChatMl)
        {
            entry["tags"] = new JsonObject
            {
                ["role_tag"] = "role",
                ["content_tag"] = "content",
                ["user_tag"] = "user",
                ["assistant_tag"] = "assistant",
                ["observation_tag"] = "tool",
                ["system_tag"] = "system",
            };
        }

        return entry;
    }

    private static string Axolotl(RowLayout layout, string path, string kind)
    {
        string[] type = layout.Schema switch
        {
            RowSchema.ChatMl => ["type: chat_template", $"field_messages: {layout.MessagesField}"],
            RowSchema.ShareGpt =>
            [
                "type: chat_template",
                $"field_messages: {layout.MessagesField}",
                "message_property_mappings:",
                "  role: from",
                "  content: value",
            ],
            RowSchema.Alpaca => ["type: alpaca"],
            RowSchema.Text => ["type: completion", "field: text"],
            _ => ["type:"],
        };
        return $"datasets:\n  - path: {Quote(path)}\n    ds_type: {kind}\n"
            + string.Concat(type.Select(line => $"    {line}\n"));
    }

    private static string Torchtune(RowLayout layout, string path, string kind)
    {
        string[] dataset = layout.Schema switch
        {
            RowSchema.ChatMl =>
            [
                "chat_dataset",
                $"conversation_column: {layout.MessagesField}",
                "conversation_style: openai",
            ],
            RowSchema.ShareGpt =>
            [
                "chat_dataset",
                $"conversation_column: {layout.MessagesField}",
                "conversation_style: sharegpt",
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
            _ => ["text_completion_dataset", "column: text"],
        };
        return $"dataset:\n  _component_: torchtune.datasets.{dataset[0]}\n  source: {kind}\n  data_files: "
            + $"{Quote(path)}\n  split: train\n"
            + string.Concat(dataset.Skip(1).Select(line => $"  {line}\n"));
    }

    private static string Trl(RowLayout layout, string path, string kind)
    {
        string trainer = layout.Schema == RowSchema.Preference ? "DPOTrainer" : "SFTTrainer";
        return $"from datasets import load_dataset\n\n# For trl.{trainer}(train_dataset=dataset, ...); columns that "
            + $"it does not know are dropped.\n"
            + $"dataset = load_dataset(\"{kind}\", data_files={Quote(path)}, split=\"train\")\n";
    }

    private static string Unsloth(RowLayout layout, string path, string kind)
    {
        bool isShareGpt = layout.Schema == RowSchema.ShareGpt;
        return "from datasets import load_dataset\n"
            + (isShareGpt ? "from unsloth.chat_templates import standardize_sharegpt\n" : "")
            + $"\ndataset = load_dataset(\"{kind}\", data_files={Quote(path)}, split=\"train\")\n"
            + (isShareGpt ? "dataset = standardize_sharegpt(dataset)\n" : "");
    }

    /// <summary>Returns a string literal that is valid in YAML, JSON and Python.</summary>
    private static string Quote(string text) => JsonSerializer.Serialize(text, QuoteOptions);

    private static readonly JsonSerializerOptions QuoteOptions = new()
    {
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };
}
