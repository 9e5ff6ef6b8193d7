using Microsoft.ML.OnnxRuntime;

namespace Tsds.Data.Embedding.Onnx;

/// <summary>Checks the inputs and outputs of a model: tokens in, vectors of texts or of tokens out.</summary>
internal static class OnnxSignature
{
    private static readonly string[] KnownInputs = ["input_ids", "attention_mask", "token_type_ids"];
    private static readonly string[] TokenOutputs = ["last_hidden_state", "token_embeddings"];

    /// <summary>Throws if a model asks for more than tokens.</summary>
    /// <param name="session">The model.</param>
    /// <param name="model">Its file, for messages.</param>
    /// <exception cref="InvalidDataException">It has another input, or none for the tokens.</exception>
    public static void CheckInputs(InferenceSession session, string model)
    {
        foreach ((string name, NodeMetadata input) in session.InputMetadata)
        {
            if (!KnownInputs.Contains(name) || input.ElementType != typeof(long))
            {
                throw new InvalidDataException(
                    $"Expected the int64 inputs input_ids, attention_mask and token_type_ids in "
                        + $"{model}, found {input.ElementType?.Name} {name}."
                );
            }
        }

        if (!session.InputMetadata.ContainsKey("input_ids"))
        {
            throw new InvalidDataException($"Expected an input input_ids in {model}, found none.");
        }
    }

    /// <summary>Returns the name of the output that holds vectors.</summary>
    /// <param name="session">The model.</param>
    /// <param name="model">Its file, for messages.</param>
    /// <param name="isPooled">True if the output has a vector for each text, false if for each token.</param>
    /// <exception cref="InvalidDataException">There is none, or it is of another kind.</exception>
    public static string FindOutput(InferenceSession session, string model, out bool isPooled)
    {
        IReadOnlyDictionary<string, NodeMetadata> outputs = session.OutputMetadata;
        isPooled = outputs.ContainsKey("sentence_embedding");
        string? name = isPooled ? "sentence_embedding" : TokenOutputs.FirstOrDefault(outputs.ContainsKey);
        if (name is null)
        {
            throw new InvalidDataException(
                $"Expected an output sentence_embedding, last_hidden_state or token_embeddings in "
                    + $"{model}, found {string.Join(", ", outputs.Keys)}."
            );
        }

        NodeMetadata output = outputs[name];
        int rank = isPooled ? 2 : 3;
        return output.ElementType == typeof(float) && output.Dimensions.Length == rank
            ? name
            : throw new InvalidDataException(
                $"Expected the output {name} of {model} to be float32 of rank {rank}, found "
                    + $"{output.ElementType?.Name} of rank {output.Dimensions.Length}."
            );
    }
}
