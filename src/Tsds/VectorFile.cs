namespace Tsds;

/// <summary>A file of embeddings, and the tensor in it that is meant.</summary>
/// <param name="Path">The file; its name's ending says its format.</param>
public sealed record VectorFile(string Path)
{
    /// <summary>Gets the name of the tensor or column that is meant, or null for the only one.</summary>
    public string? Tensor { get; init; }

    /// <summary>Gets the weight of the file in a combination, or null if it stands alone.</summary>
    /// <value>Finite and positive, or null. The default is null.</value>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive and finite.</exception>
    public double? Weight
    {
        get;
        init
        {
            if (value is { } weight)
            {
                ThrowHelper.ThrowIfNotFiniteOrNotPositive(weight, nameof(Weight));
            }

            field = value;
        }
    }

    /// <summary>Gets the name under which messages speak of it.</summary>
    /// <value>The default is the path, followed by # and the tensor if one is named.</value>
    public string Label
    {
        get => field ?? (Tensor is null ? Path : $"{Path}#{Tensor}");
        init;
    }
}
