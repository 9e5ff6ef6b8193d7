namespace Tsds.Jobs.Export;

/// <summary>The way in which a trainer learns that an answer is not to be trained on.</summary>
internal enum MaskForm
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By a key of the turn that its configuration names.</summary>
    Told,

    /// <summary>By the key <c>loss</c>, true or false.</summary>
    Loss,

    /// <summary>By the key <c>weight</c>, 0 or 1.</summary>
    Weight,
}
