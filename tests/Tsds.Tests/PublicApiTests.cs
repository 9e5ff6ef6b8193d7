using PublicApiGenerator;

namespace Tsds.Tests;

/// <summary>The public API as a text that people approve: a change of it shows in the diff of its commit.</summary>
public sealed class PublicApiTests
{
    [Theory]
    [InlineData(typeof(DataSelector), "Tsds")]
    [InlineData(typeof(global::Tsds.Data.Rows.RowReader), "Tsds.Data")]
    [InlineData(typeof(global::Tsds.Evaluation.Protocol.Evaluator), "Tsds.Evaluation")]
    [InlineData(typeof(global::Tsds.Jobs.Select.SelectionJob), "Tsds.Jobs")]
    [InlineData(typeof(global::Tsds.Orleans.ClusterOptions), "Tsds.Orleans")]
    [InlineData(typeof(global::Tsds.Sources.SourceOptions), "Tsds.Sources")]
    public void PublicApi_Assembly_IsAsApproved(Type member, string name) =>
        Approval.Matches(
            member.Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }) + "\n",
            $"PublicApi.{name}.approved.txt"
        );
}
