using System.Text.Json.Serialization;
using Tsds.Cli.Output;
using Tsds.Jobs.Embed;
using Tsds.Jobs.Explain;
using Tsds.Jobs.Select;

namespace Tsds.Tests.Cli;

public sealed class JsonEventsTests
{
    [Fact]
    public void Write_AnyEvent_IsOneLineThatBeginsWithItsName()
    {
        using StringWriter output = new() { NewLine = "\n" };

        new JsonEvents(output).Write("error", new ErrorEvent("<é> \"a\"\n", 1));
        new JsonEvents(output).Write("method", Method() with { KlReduction = double.NaN });

        Assert.Equal(
            """
            {"event":"error","message":"<é> \"a\"\n","exitCode":1}
            {"event":"method","method":"random","wasserstein1Skill":0.5,"wasserstein1SkillLow":null,"wasserstein1SkillHigh":null,"klReduction":null,"coverageDistance":1E-20,"vendiToPool":null,"nearDuplicateRate":null,"leakRate":null,"crossEntropySkill":null,"tokens":1234567,"relativeGap":null,"seconds":0.1}

            """.ReplaceLineEndings("\n"),
            output.ToString()
        );
    }

    [Fact]
    public void Events_AllOfThem_CanBeWritten()
    {
        Type[] events =
        [
            .. typeof(EventJson)
                .Assembly.GetTypes()
                .Where(type =>
                    type.Namespace == typeof(EventJson).Namespace
                    && (
                        type.Name.EndsWith("Event", StringComparison.Ordinal)
                        || type.Name.EndsWith("Result", StringComparison.Ordinal)
                    )
                ),
            typeof(SelectionEstimate),
            typeof(EmbedEstimate),
            typeof(RowExplanation),
            typeof(TargetExplanation),
        ];

        Assert.InRange(events.Length, 20, 40);
        Assert.All(events, type => Assert.NotNull(((JsonSerializerContext)EventJson.Default).GetTypeInfo(type)));
    }

    private static MethodEvent Method() =>
        new("random", 0.5, null, null, 0.25, 1e-20, null, null, null, null, 1_234_567, null, 0.1);
}
