namespace Tsds.Tests.Shared;

/// <summary>
/// How long a test waits for something that must happen. Only a test that has failed waits so long: no test measures
/// time, however busy the machine is.
/// </summary>
internal static class SafetyNet
{
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(10);
}
