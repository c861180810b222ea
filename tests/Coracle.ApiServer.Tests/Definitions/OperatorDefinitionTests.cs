using System.Text.Json;
using System.Text.Json.Nodes;
using Coracle.ApiServer.Tests.CustomResources;
using Coracle.ApiServer.Tests.Support;

namespace Coracle.ApiServer.Tests.Definitions;

/// <summary>Definitions as operators ship them: they install, validate, and come back as they were sent.</summary>
public sealed class OperatorDefinitionTests
{
    public static TheoryData<string> Names => [.. Operators.All.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task An_operators_definition_installs_and_comes_back_unchanged(string name)
    {
        await using var crds = await Crds.StartAsync();
        var shipped = Operators.All[name]();
        var text = shipped.Definition.ToJsonString();
        await crds.Define(text);
        var served = await crds.Api.Get($"{Crds.Definitions}/{shipped.Name}");
        var sent = JsonNode.Parse(text)!["spec"]!;
        foreach (var field in (string[])["group", "scope", "names", "versions"])
            Assert.True(JsonNode.DeepEquals(sent[field], served.Json["spec"]![field]), field);
        Assert.DoesNotContain(served.Json["status"]!["conditions"]!.AsArray(), c => (string?)c!["type"] == "NonStructuralSchema");
        Assert.Equal(200, (await crds.Api.Get($"/openapi/v3/apis/{shipped.Group}/{shipped.Version}")).Code);
        // Sent again, it is the same.
        var again = (JsonObject)served.Json.DeepClone();
        Assert.Equal(served.Version, (await crds.Api.Put($"{Crds.Definitions}/{shipped.Name}", again.ToJsonString())).Version);
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Its_objects_are_taken_as_they_are_and_refused_where_they_are_wrong(string name)
    {
        await using var crds = await Crds.StartAsync();
        var shipped = Operators.All[name]();
        await crds.Define(shipped.Definition.ToJsonString());
        var objects = $"/apis/{shipped.Group}/{shipped.Version}/namespaces/default/{shipped.Plural}";
        var good = await crds.Api.Create(objects, Object(shipped, shipped.Good));
        AssertKept(JsonNode.Parse(shipped.Good), good.Json["spec"], "spec");
        Assert.Equal(good.Version, (await crds.Api.Put($"{objects}/one", good.Text)).Version);
        foreach (var (path, value, says) in shipped.Bad)
        {
            var spec = JsonNode.Parse(shipped.Good)!;
            Set(spec, path, value);
            var refused = await crds.Api.Post(objects, Object(shipped, spec.ToJsonString()).Replace("\"name\":\"one\"", "\"name\":\"two\"", StringComparison.Ordinal));
            Assert.True(refused.Code == 422, $"{path}: {refused.Text}");
            Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Those that are large are as large as the real ones.</summary>
    [Theory]
    [InlineData("issuers")]
    [InlineData("monitors")]
    [InlineData("routes")]
    [InlineData("workflows")]
    public void They_have_thousands_of_lines(string name)
    {
        var lines = Operators.All[name]().Definition.ToJsonString(new JsonSerializerOptions { WriteIndented = true }).Split('\n').Length;
        Assert.True(lines > 2000, $"{name} has {lines} lines");
    }

    private static string Object(OperatorDefinition shipped, string spec) =>
        $$$"""{"apiVersion":"{{{shipped.Group}}}/{{{shipped.Version}}}","kind":"{{{shipped.Kind}}}","metadata":{"name":"one"},"spec":{{{spec}}} }""";

    // Defaults may have been added, nothing else.
    private static void AssertKept(JsonNode? sent, JsonNode? got, string path)
    {
        switch (sent)
        {
            case JsonObject fields:
                foreach (var (name, value) in fields) AssertKept(value, got?[name], $"{path}.{name}");
                break;
            case JsonArray items:
                Assert.True(items.Count == (got as JsonArray)?.Count, path);
                for (var i = 0; i < items.Count; i++) AssertKept(items[i], got![i], $"{path}[{i}]");
                break;
            default:
                Assert.True(JsonNode.DeepEquals(sent, got), path);
                break;
        }
    }

    private static void Set(JsonNode at, string path, string? value)
    {
        var steps = path.Split('.');
        foreach (var step in steps[..^1]) at = (int.TryParse(step, out var index) ? at[index] : at[step])!;
        var made = value is null ? null : JsonNode.Parse(value);
        if (at is JsonArray list) list[int.Parse(steps[^1], System.Globalization.CultureInfo.InvariantCulture)] = made;
        else if (made is null) ((JsonObject)at).Remove(steps[^1]);
        else at[steps[^1]] = made;
    }
}
