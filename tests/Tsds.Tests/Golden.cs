using System.Buffers.Binary;
using System.Text;
using System.Text.RegularExpressions;

namespace Tsds.Tests;

/// <summary>Reads the stored instances, with a reader of its own: the product's readers are tested elsewhere.</summary>
internal static partial class Golden
{
    public static string PathOf(string name) => Path.Combine(AppContext.BaseDirectory, "Golden", name);

    public static EmbeddingMatrix ReadFloat32(string name)
    {
        byte[] bytes = File.ReadAllBytes(PathOf(name));
        int headerLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        string header = Encoding.ASCII.GetString(bytes, 10, headerLength);
        Assert.Contains("'<f4'", header, StringComparison.Ordinal);
        int dimension = int.Parse(
            Shape().Match(header).Groups[2].Value,
            System.Globalization.CultureInfo.InvariantCulture
        );
        float[] values = new float[(bytes.Length - 10 - headerLength) / sizeof(float)];
        Buffer.BlockCopy(bytes, 10 + headerLength, values, 0, values.Length * sizeof(float));
        return new EmbeddingMatrix(values, dimension);
    }

    [GeneratedRegex(@"\((\d+), (\d+)\)")]
    private static partial Regex Shape();
}
