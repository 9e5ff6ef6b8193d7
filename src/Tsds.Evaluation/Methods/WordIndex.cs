using Lucene.Net.Documents;
using Lucene.Net.Index;
using Lucene.Net.Search;
using Lucene.Net.Search.Similarities;
using Lucene.Net.Store;
using Lucene.Net.Util;
using Tsds.Evaluation.Metrics;

namespace Tsds.Evaluation.Methods;

/// <summary>
/// An in-memory Lucene index of the words of a pool's rows, ranked by BM25 with k1 = 1.2 and b = 0.75.
/// </summary>
/// <remarks>
/// Words are those of <see cref="WordTokenizer"/>, up to 255 characters as in Lucene's own analyzers. score = Σ over
/// the words of a text, repeats counted, of ln(1 + (N − n + ½)/(n + ½)) · tf (k1 + 1)/(tf + k1 (1 − b + b·length/mean
/// length)), in float32; Lucene keeps a length as one byte, so that lengths a little apart count alike.
/// </remarks>
/// <seealso href="https://doi.org/10.1561/1500000019">Robertson, Zaragoza 2009, The probabilistic relevance framework:
/// BM25 and beyond</seealso>
internal sealed class WordIndex : IDisposable
{
    private const string Field = "text";
    private const int LongestWord = 255;

    /// <summary>The largest number of clauses that Lucene allows in a query.</summary>
    private const int MostClauses = 1024;

    private readonly RAMDirectory _directory;
    private readonly DirectoryReader _reader;
    private readonly IndexSearcher _searcher;
    private readonly long[] _ids;

    private WordIndex(RAMDirectory directory, long[] ids, BM25Similarity similarity)
    {
        _directory = directory;
        _reader = DirectoryReader.Open(directory);
        _searcher = new IndexSearcher(_reader) { Similarity = similarity };
        _ids = ids;
    }

    /// <summary>Creates an index of rows.</summary>
    /// <param name="rows">The rows.</param>
    /// <param name="read">Called from time to time with the number of rows read.</param>
    public static WordIndex Create(IEnumerable<CandidateRow> rows, Action<long> read)
    {
        RAMDirectory directory = new();
        BM25Similarity similarity = new(1.2f, 0.75f);

        // Documents keep the order of rows, which decides ties: merges of neighbors only, and one segment at last.
        IndexWriterConfig settings = new(LuceneVersion.LUCENE_48, null)
        {
            Similarity = similarity,
            MergePolicy = new LogDocMergePolicy(),
        };
        FieldType field = new(TextField.TYPE_NOT_STORED) { IndexOptions = IndexOptions.DOCS_AND_FREQS };
        field.Freeze();
        List<long> ids = [];
        using (IndexWriter writer = new(directory, settings))
        {
            foreach (CandidateRow row in rows)
            {
                using WordStream words = new(WordsOf(row.Text));
                writer.AddDocument([new Field(Field, words, field)]);
                ids.Add(row.CandidateId);
                if (ids.Count % 1024 == 0)
                {
                    read(ids.Count);
                }
            }

            writer.ForceMerge(1);
        }

        return new WordIndex(directory, [.. ids], similarity);
    }

    /// <summary>
    /// Ranks the rows that share a word with a text, best first; of equal scores, the smaller id first. May be called
    /// from several threads.
    /// </summary>
    /// <param name="text">The text.</param>
    /// <param name="depth">The most rows.</param>
    public RankedList Rank(string text, int depth)
    {
        TopDocs found = _searcher.Search(QueryOf(text), depth);
        return new RankedList(
            Array.ConvertAll(found.ScoreDocs, hit => _ids[hit.Doc]),
            Array.ConvertAll(found.ScoreDocs, hit => (double)hit.Score),
            found.TotalHits <= depth
        );
    }

    public void Dispose()
    {
        _reader.Dispose();
        _directory.Dispose();
    }

    private static List<string> WordsOf(string text)
    {
        List<string> words = WordTokenizer.Tokenize(text);
        words.RemoveAll(word => word.Length > LongestWord);
        return words;
    }

    private static BooleanQuery QueryOf(string text)
    {
        BooleanQuery query = [];
        foreach (
            IGrouping<string, string>[] words in WordsOf(text)
                .GroupBy(word => word, StringComparer.Ordinal)
                .Chunk(MostClauses)
        )
        {
            BooleanQuery part = [];
            foreach (IGrouping<string, string> word in words)
            {
                part.Add(new TermQuery(new Term(Field, word.Key)) { Boost = word.Count() }, Occur.SHOULD);
            }

            query.Add(part, Occur.SHOULD);
        }

        return query;
    }
}
