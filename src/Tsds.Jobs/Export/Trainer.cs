namespace Tsds.Jobs.Export;

/// <summary>The programs that a selection can be handed to.</summary>
public enum Trainer
{
    /// <summary>Axolotl: a file, and its entry of <c>datasets</c>.</summary>
    Axolotl,

    /// <summary>TRL: a file, and the Python that loads it.</summary>
    Trl,

    /// <summary>LLaMA-Factory: a file, and its entry of <c>dataset_info.json</c>.</summary>
    LlamaFactory,

    /// <summary>torchtune: a file, and its <c>dataset</c> section.</summary>
    Torchtune,

    /// <summary>Unsloth: a file, and the Python that loads it.</summary>
    Unsloth,

    /// <summary>
    /// A dataset folder as the Hugging Face hub holds it: Parquet files and a README that names them.
    /// </summary>
    HuggingFace,
}
