using System.Text.Json.Nodes;
using static Coracle.Kinds.Tests.Judge;

namespace Coracle.Kinds.Tests;

/// <summary>What is refused and shown of API services, in upstream's words.</summary>
public sealed class ApiServiceTests
{
    private const string Version = "apiregistration.k8s.io/v1";
    private const string Kind = "APIService";

    private static string Service(string spec, string name = "v1.g.example")
    {
        var all = JsonNode.Parse("""{"group":"g.example","version":"v1","groupPriorityMinimum":100,"versionPriority":10}""")!.AsObject();
        foreach (var (field, value) in JsonNode.Parse($"{{{spec}}}")!.AsObject()) all[field] = value?.DeepClone();
        return new JsonObject { ["metadata"] = new JsonObject { ["name"] = name }, ["spec"] = all }.ToJsonString();
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("\"service\":{\"namespace\":\"n\",\"name\":\"s\"},\"caBundle\":\"QQ==\"", "")]
    [InlineData("\"version\":\"v2\"", "metadata.name: Invalid value: \"v1.g.example\": must be `spec.version+\".\"+spec.group`: \"v2.g.example\"")]
    [InlineData("\"groupPriorityMinimum\":20001,\"versionPriority\":0", "spec.groupPriorityMinimum: Invalid value: 20001: must be positive and less than 20000|spec.versionPriority: Invalid value: 0: must be positive and less than 1000")]
    [InlineData("\"caBundle\":\"QQ==\",\"insecureSkipTLSVerify\":true", "spec.caBundle: Invalid value: \"1 bytes\": local APIServices may not have a caBundle|spec.insecureSkipTLSVerify: Invalid value: true: local APIServices may not have insecureSkipTLSVerify")]
    [InlineData("\"service\":{\"port\":70000},\"caBundle\":\"QQ==\",\"insecureSkipTLSVerify\":true", "spec.service.namespace: Required value|spec.service.name: Required value|spec.service.port: Invalid value: 70000: port is not valid: must be between 1 and 65535, inclusive|spec.insecureSkipTLSVerify: Invalid value: true: may not be true if caBundle is present")]
    public void An_API_service_is_checked(string spec, string expected) => Assert.Equal(expected, string.Join('|', Errors(Version, Kind, Service(spec))));

    [Fact]
    public void What_the_server_serves_itself_is_available_at_once()
    {
        var rules = GeneratedKinds.All.Single(k => k.Kind == Kind).Rules;
        var local = JsonNode.Parse("""{"metadata":{"creationTimestamp":"2030-01-01T00:00:00Z"},"spec":{}}""")!.AsObject();
        rules.PrepareForCreate(local);
        Assert.Equal("""[{"type":"Available","status":"True","lastTransitionTime":"2030-01-01T00:00:00Z","reason":"Local","message":"Local APIServices are always available"}]""",
            local["status"]!["conditions"]!.ToJsonString());
        var remote = JsonNode.Parse("""{"spec":{"service":{"name":"s"}}}""")!.AsObject();
        rules.PrepareForCreate(remote);
        Assert.Null(remote["status"]);
    }

    [Theory]
    [InlineData("""{"spec":{},"status":{"conditions":[{"type":"Available","status":"True","reason":"Local"}]}}""", "x|Local|True|2d")]
    [InlineData("""{"spec":{"service":{"namespace":"n","name":"s"}},"status":{"conditions":[{"type":"Available","status":"False","reason":"MissingEndpoints"}]}}""", "x|n/s|False (MissingEndpoints)|2d")]
    [InlineData("""{"spec":{"service":{"namespace":"n","name":"s"}}}""", "x|n/s|Unknown|2d")]
    public void Rows_are_upstreams(string json, string row)
    {
        Assert.Equal("Name:str/name Service:str Available:str Age:str", Row.Heading(Version, Kind));
        Assert.Equal(row, Row.Of(Version, Kind, json));
    }
}
