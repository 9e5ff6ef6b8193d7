using Tsds.Data.Datasets;
using Tsds.Data.Files;

namespace Tsds.Data.Vectors;

/// <summary>Finds the files of embeddings that an address with wildcards stands for.</summary>
internal static class VectorAddresses
{
    /// <summary>Returns the sources that a text stands for, as <see cref="VectorSourceSyntax"/> reads them.</summary>
    /// <param name="text">A source; an address on its own may have wildcards.</param>
    /// <returns>The source, or one for each file that matches, in ordinal order.</returns>
    /// <exception cref="FileNotFoundException">An address matches no file.</exception>
    public static IEnumerable<string> Split(string text)
    {
        if (!FileSources.IsAddress(text))
        {
            return [text];
        }

        int hash = text.LastIndexOf('#');
        string address = hash < 0 ? text : text[..hash];
        string tensor = hash < 0 ? "" : text[hash..];
        return RemoteDataset.Match(address).Select(found => FileSources.VectorsOf(found) + tensor);
    }
}
