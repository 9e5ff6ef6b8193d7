using Tsds.Data.Rows;

namespace Tsds.Tests.Data.Rows;

/// <summary>The folders of Hugging Face's library.</summary>
public sealed class DatasetFolderTests : IDisposable
{
    private const string Row = """{"text":"a"}""";

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("", "data/train-00000-of-00002.jsonl|data/train-00001-of-00002.jsonl")]
    [InlineData(":test", "held/out.jsonl")]
    [InlineData(":default/test", "held/out.jsonl")]
    [InlineData(":other/train", "extra.jsonl")]
    public void Resolve_HubReadme_GivesTheFilesOfTheSplit(string suffix, string names)
    {
        Write(
            "README.md",
            "---",
            "license: mit",
            "configs:",
            "- config_name: default",
            "  data_files:",
            "  - split: train",
            "    path: data/train-*",
            "  - split: test",
            "    path: [held/out.jsonl]",
            "- config_name: other",
            "  data_files: extra.jsonl",
            "---",
            "# A dataset"
        );
        Write("data/train-00000-of-00002.jsonl", Row);
        Write("data/train-00001-of-00002.jsonl", Row);
        Write("held/out.jsonl", Row);
        Write("extra.jsonl", Row);

        Assert.Equal(names.Split('|'), Resolve(suffix));
        Assert.Contains(
            "expected the split dev, found train, test",
            Assert.Throws<InvalidDataException>(() => Resolve(":dev")).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("", "train.jsonl|train/more.csv")]
    [InlineData(":validation", "dev-00000-of-00001.jsonl")]
    [InlineData(":test", "test/a.jsonl")]
    public void Resolve_NamesThatSaySplits_GiveTheSplit(string suffix, string names)
    {
        foreach (
            string name in new[]
            {
                "train.jsonl",
                "train/more.csv",
                "dev-00000-of-00001.jsonl",
                "test/a.jsonl",
                "dataset_infos.json",
            }
        )
        {
            Write(name, Row);
        }

        Assert.Equal(names.Split('|'), Resolve(suffix));
    }

    [Fact]
    public void Resolve_SomeNamesSaySplits_IsAFolderOfFiles()
    {
        Write("train.jsonl", Row);
        Write("contest.jsonl", Row);

        Assert.Equal(["contest.jsonl", "train.jsonl"], Resolve(""));
        Assert.Throws<InvalidDataException>(() => Resolve(":train"));
    }

    [Fact]
    public void Resolve_SavedDataset_GivesTheFilesThatItLists()
    {
        Write("dataset_dict.json", """{"splits":["train","test"]}""");
        foreach (string split in new[] { "train", "test" })
        {
            Write(
                split + "/state.json",
                """{"_data_files":[{"filename":"data-00001.arrow"},{"filename":"data-00000.arrow"}],"_split":"x"}"""
            );
            Write(split + "/dataset_info.json", "{}");
            Write(split + "/data-00000.arrow", Row);
            Write(split + "/data-00001.arrow", Row);
            Write(split + "/cache-1234.arrow", Row);
        }

        Assert.Equal(["train/data-00001.arrow", "train/data-00000.arrow"], Resolve(""));
        Assert.Equal(["test/data-00001.arrow", "test/data-00000.arrow"], Resolve(":test"));
        Assert.Equal(
            ["data-00001.arrow", "data-00000.arrow"],
            Resolve("/train").Select(name => name["train/".Length..])
        );
    }

    /// <summary>Before version 2 the library datasets saved a choice among rows as all of them and a list.</summary>
    [Theory]
    [InlineData("""[{"filename":"indices.arrow"}]""", false)]
    [InlineData("[]", true)]
    [InlineData("null", true)]
    public void Resolve_SavedDatasetWithIndices_IsRefused(string indices, bool isRead)
    {
        Write("state.json", $$"""{"_data_files":[{"filename":"data.arrow"}],"_indices_data_files":{{indices}}}""");
        Write("data.arrow", Row);
        Write("indices.arrow", Row);
        if (isRead)
        {
            Assert.Equal(["data.arrow"], Resolve(""));
            return;
        }

        string message = Assert.Throws<InvalidDataException>(() => Resolve("")).Message;
        Assert.Contains("found one that is a choice among them (indices.arrow)", message, StringComparison.Ordinal);
        Assert.Contains("flatten_indices()", message, StringComparison.Ordinal);
    }

    [Fact]
    public void Resolve_FolderWithASavedDatasetBelow_LeavesItsCacheOut()
    {
        Write("pool/saved/state.json", """{"_data_files":[{"filename":"data.arrow"}]}""");
        Write("pool/saved/data.arrow", Row);
        Write("pool/saved/cache.arrow", Row);
        Write("pool/b.jsonl", Row);

        Assert.Equal(["pool/b.jsonl", "pool/saved/data.arrow"], Resolve("/pool"));
    }

    [Theory]
    [InlineData(
        "state.json",
        """{"_data_files":[{"filename":"../../etc/passwd"}]}""",
        "expected names of files or folders beside it"
    )]
    [InlineData("state.json", """{"_data_files":7}""", "expected an object with _data_files")]
    [InlineData("state.json", "{", "expected an object with _data_files")]
    [InlineData("dataset_dict.json", """{"splits":["../other"]}""", "expected names of files or folders beside it")]
    [InlineData("dataset_dict.json", "[]", "expected an object with splits")]
    [InlineData("README.md", "---\nconfigs: [{data_files: ../x.jsonl}]\n---", "expected data_files inside the folder")]
    [InlineData("README.md", "---\nconfigs: [{data_files: /etc/passwd}]\n---", "expected data_files inside the folder")]
    [InlineData("README.md", "---\nconfigs: [\n---", "expected YAML between the lines")]
    [InlineData(
        "README.md",
        "---\nconfigs: [{data_files: none.jsonl}]\n---",
        "expected files of rows for the split train"
    )]
    public void Resolve_DamagedDescription_IsRefused(string name, string content, string expected)
    {
        Write(name, content);
        Write("a.jsonl", Row);

        Assert.Contains(
            expected,
            Assert.Throws<InvalidDataException>(() => Resolve("")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Resolve_DeepYaml_IsRefused()
    {
        Write("README.md", "---", "a: " + new string('[', 100_000), "---");
        Assert.Contains(
            "nests deeper",
            Assert.Throws<InvalidDataException>(() => Resolve("")).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void Resolve_MutatedReadme_IsReadOrRefused()
    {
        byte[] valid =
        [
            .. "---\nconfigs:\n- config_name: &a default\n  data_files:\n  - split: train\n    path: "u8,
            .. "['a.jsonl', *a]\n- {data_files: {test: \"a.*\"}}\n---\n"u8,
        ];
        Write("a.jsonl", Row);
        for (int seed = 0; seed < 500; seed++)
        {
            _folder.Write("README.md", RowFuzz.Mutate(valid, new Random(seed)));
            try
            {
                Assert.NotEmpty(Resolve(""));
            }
            catch (InvalidDataException e)
            {
                Assert.StartsWith(_folder.Root, e.Message, StringComparison.Ordinal);
            }
        }
    }

    private void Write(string name, params string[] lines) => _folder.Write(name, lines);

    private IEnumerable<string> Resolve(string suffix) =>
        RowFiles.Resolve([_folder.Root + suffix]).Select(path => Path.GetRelativePath(_folder.Root, path));
}
