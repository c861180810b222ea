using Coracle.Kinds.Apiextensions.V1;
using Coracle.Schema;
using Coracle.Sdk;
using Coracle.Testing;

namespace Coracle.Samples.Chaos.Tests;

public sealed class ManifestTests
{
    public static TheoryData<string> Files => [.. ChaosOperator.Manifests.Keys];

    [Theory, MemberData(nameof(Files))]
    public void The_manifest_beside_the_code_is_what_the_types_say(string file)
    {
        var kept = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "manifests", file));
        Assert.Equal(ChaosOperator.Manifests[file], kept); // the build fails as well; dotnet build -p:AcceptManifests=true writes them
    }

    [Fact]
    public async Task The_definitions_are_accepted_and_established_as_they_are()
    {
        await using var cluster = await TestCluster.StartAsync();
        var kinds = ChaosOperator.KindsAt(TestCluster.WebhooksAt());
        await cluster.InstallAsync(kinds);
        foreach (var definition in kinds)
        {
            var stored = await cluster.Client.GetAsync<CustomResourceDefinition>(new Key(definition.Metadata.Name));
            Assert.DoesNotContain(stored.Status.Conditions!, c => c.Type == "NonStructuralSchema");
            foreach (var (asked, kept) in definition.Spec.Versions!.Zip(stored.Spec.Versions!)) Assert.Equal(Yaml.Write(ApiJson.ToBytes(asked.Validation!)), Yaml.Write(ApiJson.ToBytes(kept.Validation!)));
        }
    }

    [Fact]
    public async Task A_rule_on_a_type_is_a_rule_of_the_server()
    {
        await using var cluster = await TestCluster.StartAsync();
        await cluster.InstallAsync(ChaosOperator.Kinds);
        var refused = await cluster.Client.TryCreateAsync(World.Set("web", acts: 2, parallelism: 3));
        Assert.Equal("""ChaosSet.chaos.coracle.dev "web" is invalid: spec.parallelism: Invalid value: there cannot be more acts at a time than there are""", refused.Failure?.Message);
    }
}
