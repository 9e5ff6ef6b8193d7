namespace Tsds.Jobs.Export;

/// <summary>The trainers for which a selection can be exported.</summary>
public enum Trainer
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
}
