// Writes the vectors of a .npy file as shards of Parquet, as public sets lie: one column of lists called embedding.
//
//     dotnet run bench/objects/write-shards.cs -- POOL.npy 10 OUT

#:project ../../src/Tsds.Data/Tsds.Data.csproj

using System.Globalization;
using System.Runtime.InteropServices;
using ParquetSharp;

if (args.Length != 3)
{
    Console.Error.WriteLine("usage: write-shards.cs POOL SHARDS FOLDER");
    return 1;
}

const int GroupRows = 50_000;
int shards = int.Parse(args[1], CultureInfo.InvariantCulture);
Directory.CreateDirectory(args[2]);
using FileStream pool = File.OpenRead(args[0]);
byte[] start = new byte[10];
pool.ReadExactly(start);
byte[] header = new byte[BitConverter.ToUInt16(start, 8)];
pool.ReadExactly(header);
string text = System.Text.Encoding.ASCII.GetString(header);
string[] shape = text[(text.IndexOf('(', StringComparison.Ordinal) + 1)..text.IndexOf(')', StringComparison.Ordinal)]
    .Split(',');
long rows = long.Parse(shape[0], CultureInfo.InvariantCulture);
int dimension = int.Parse(shape[1], CultureInfo.InvariantCulture);
for (int shard = 0; shard < shards; shard++)
{
    long left = (rows * (shard + 1) / shards) - (rows * shard / shards);
    string path = Path.Combine(args[2], $"part-{shard:D5}-of-{shards:D5}.parquet");
    using WriterPropertiesBuilder builder = new();
    using WriterProperties properties = builder.Compression(Compression.Uncompressed).DisableDictionary().Build();
    using ParquetFileWriter writer = new(path, [new Column<float[]>("embedding")], properties);
    while (left > 0)
    {
        float[][] group = new float[Math.Min(left, GroupRows)][];
        for (int i = 0; i < group.Length; i++)
        {
            group[i] = new float[dimension];
            pool.ReadExactly(MemoryMarshal.AsBytes(group[i].AsSpan()));
        }

        using RowGroupWriter rowGroup = writer.AppendRowGroup();
        using LogicalColumnWriter<float[]> column = rowGroup.NextColumn().LogicalWriter<float[]>();
        column.WriteBatch(group);
        left -= group.Length;
    }

    writer.Close();
}

return 0;
