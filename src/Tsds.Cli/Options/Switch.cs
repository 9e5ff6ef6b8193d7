namespace Tsds.Cli.Options;

/// <summary>Something that is on unless it is switched off, or the other way round.</summary>
internal enum Switch
{
    /// <summary>Off.</summary>
    Off,

    /// <summary>On.</summary>
    On,
}
