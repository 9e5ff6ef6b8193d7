namespace Tsds;

/// <summary>The stages of a selection, in order.</summary>
public enum SelectionStage
{
    /// <summary>Reading rows and hashing files; counted in bytes.</summary>
    Reading,

    /// <summary>Fitting the embedder; counted in steps.</summary>
    Fitting,

    /// <summary>Embedding rows; counted in rows.</summary>
    Embedding,

    /// <summary>Finding nearest candidates; counted in candidates scanned.</summary>
    Neighbors,

    /// <summary>Estimating densities; counted in candidates scanned.</summary>
    Densities,

    /// <summary>Solving and sampling, which take milliseconds.</summary>
    Solving,

    /// <summary>Scoring candidates by a method without a plan; counted in candidates scanned.</summary>
    Scoring,

    /// <summary>Choosing rows one by one by a method without a plan; counted in rows chosen.</summary>
    Choosing,

    /// <summary>Judging a selection by targets that were held out; counted in folds.</summary>
    Judging,

    /// <summary>Writing the results; counted in rows scanned.</summary>
    Writing,

    /// <summary>Building an index, a job of its own; counted in candidates written.</summary>
    Indexing,
}
