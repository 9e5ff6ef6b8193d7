using Tsds.Data.Files;
using Tsds.Jobs.Verify;

namespace Tsds.Cli.Output;

/// <summary>The event of <c>tsds verify</c>.</summary>
internal static class VerifyEvents
{
    public static JsonEvent Result(IReadOnlyList<VerificationCheck> checks, bool agrees) =>
        new(
            "result",
            json =>
            {
                json.WriteBoolean("agrees", agrees);
                json.WriteObjects(
                    "checks",
                    checks,
                    check =>
                    {
                        json.WriteString("name", check.Name);
                        json.WriteBoolean("agrees", check.Agrees);
                        json.WriteString("text", check.Text);
                    }
                );
            }
        );
}
