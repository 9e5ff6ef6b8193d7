namespace Tsds.Jobs.Export;

/// <summary>The trainers for which a selection can be exported.</summary>
internal enum Trainer
{
    /// <summary>Axolotl: a file and its entry in <c>datasets</c>.</summary>
    Axolotl,

    /// <summary>TRL: a file and the Python code that loads it.</summary>
    Trl,

    /// <summary>LLaMA-Factory: a file and its entry in <c>dataset_info.json</c>.</summary>
    LlamaFactory,

    /// <summary>torchtune: a file and its <c>dataset</c> section.</summary>
    Torchtune,

    /// <summary>Unsloth: a file and the Python code that loads it.</summary>
    Unsloth,

    /// <summary>
    /// A dataset folder in the layout of the Hugging Face hub: Parquet files and a README that names them.
    /// </summary>
    HuggingFace,

    /// <summary>ms-swift: a file, and the command that trains on it.</summary>
    MsSwift,

    /// <summary>NeMo: the file <c>training.jsonl</c> of its chat datasets, and the Python that loads it.</summary>
    NeMo,

    /// <summary>OpenAI's fine-tuning service: a file of JSON lines, and the Python that sends it.</summary>
    OpenAI,
}
