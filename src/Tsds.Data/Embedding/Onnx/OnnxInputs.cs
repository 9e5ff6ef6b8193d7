using Microsoft.ML.OnnxRuntime;

namespace Tsds.Data.Embedding.Onnx;

/// <summary>The inputs that a model declares, with the values for texts of equally many tokens.</summary>
internal sealed class OnnxInputs : IDisposable
{
    /// <summary>Makes the inputs of a run.</summary>
    /// <param name="session">The model.</param>
    /// <param name="tokens">The tokens of each text, equally many.</param>
    public OnnxInputs(InferenceSession session, long[][] tokens)
    {
        long[] ids = [.. tokens.SelectMany(text => text)];
        Names = [.. session.InputMetadata.Keys];
        Values =
        [
            .. Names.Select(name =>
                OrtValue.CreateTensorValueFromMemory(ValuesOf(name, ids), [tokens.Length, tokens[0].Length])
            ),
        ];
    }

    /// <summary>Gets the names of the inputs.</summary>
    public string[] Names { get; }

    /// <summary>Gets the value of each of <see cref="Names"/>.</summary>
    public OrtValue[] Values { get; }

    public void Dispose() => Array.ForEach(Values, value => value.Dispose());

    private static long[] ValuesOf(string name, long[] ids)
    {
        if (name == "input_ids")
        {
            return ids;
        }

        long[] values = new long[ids.Length];
        values.AsSpan().Fill(name == "attention_mask" ? 1 : 0);
        return values;
    }
}
