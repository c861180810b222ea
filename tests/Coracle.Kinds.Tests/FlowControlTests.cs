using Coracle.Kinds.FlowControl.V1;
using Coracle.Schema;
using static Coracle.Kinds.Tests.Judge;

namespace Coracle.Kinds.Tests;

/// <summary>What is refused and shown of the kinds of flowcontrol.apiserver.k8s.io, in upstream's words.</summary>
public sealed class FlowControlTests
{
    private const string Version = "flowcontrol.apiserver.k8s.io/v1";
    private const string Rule = """{"subjects":[{"kind":"User","user":{"name":"a"}}],"resourceRules":[{"verbs":["*"],"apiGroups":["*"],"resources":["*"],"namespaces":["*"]}]}""";

    private static string Schema(string spec, string name = "mine") => $$"""{"metadata":{"name":"{{name}}"},"spec":{{{spec}}} }""";

    [Theory]
    [InlineData("\"priorityLevelConfiguration\":{\"name\":\"l\"}", "")]
    [InlineData("\"matchingPrecedence\":0", "spec.priorityLevelConfiguration.name: Required value: must reference a priority level")]
    [InlineData("\"priorityLevelConfiguration\":{\"name\":\"l\"},\"matchingPrecedence\":10001", "spec.matchingPrecedence: Invalid value: 10001: must not be greater than 10000")]
    [InlineData("\"priorityLevelConfiguration\":{\"name\":\"l\"},\"matchingPrecedence\":-1", "spec.matchingPrecedence: Invalid value: -1: must be a positive value")]
    [InlineData("\"priorityLevelConfiguration\":{\"name\":\"l\"},\"matchingPrecedence\":1", "spec.matchingPrecedence: Invalid value: 1: only the schema named 'exempt' may have matchingPrecedence 1")]
    [InlineData("\"priorityLevelConfiguration\":{\"name\":\"l\"},\"distinguisherMethod\":{\"type\":\"ByIP\"}", "spec.distinguisherMethod.type: Unsupported value: {\"Type\":\"ByIP\"}: supported values: \"ByNamespace\", \"ByUser\"")]
    public void A_schema_is_checked(string spec, string expected) => Assert.Equal(expected, string.Join('|', Errors(Version, "FlowSchema", Schema(spec))));

    [Theory]
    [InlineData(Rule, "")]
    [InlineData("""{}""", "subjects: Required value: subjects must contain at least one value|: Required value: at least one of resourceRules and nonResourceRules has to be non-empty")]
    [InlineData("""{"subjects":[{"kind":"Cat"},{"kind":"User","group":{"name":"g"}},{"kind":"ServiceAccount","serviceAccount":{"name":"","namespace":""}}],"nonResourceRules":[{"verbs":["get"],"nonResourceURLs":["/a"]}]}""", "subjects[0].kind: Unsupported value: \"Cat\": supported values: \"Group\", \"ServiceAccount\", \"User\"|subjects[1].user: Required value: user is required when subject kind is 'User'|subjects[1].group: Forbidden: group is forbidden when subject kind is not 'Group'|subjects[2].serviceAccount.name: Required value|subjects[2].serviceAccount.namespace: Required value: must specify namespace for service account")]
    [InlineData("""{"subjects":[{"kind":"Group","group":{"name":"g"}}],"nonResourceRules":[{"verbs":["look"],"nonResourceURLs":["a","/a b","//","/*/b","/x/*","/"]}]}""", "nonResourceRules[0].verbs: Unsupported value: [\"look\"]: supported values: \"create\", \"delete\", \"deletecollection\", \"get\", \"list\", \"patch\", \"proxy\", \"update\", \"watch\"|nonResourceRules[0].nonResourceURLs[0]: Invalid value: \"a\": must start with slash|nonResourceRules[0].nonResourceURLs[1]: Invalid value: \"/a b\": must not contain white-space|nonResourceRules[0].nonResourceURLs[2]: Invalid value: \"//\": must not contain double slash|nonResourceRules[0].nonResourceURLs[3]: Invalid value: \"/*/b\": wildcard can only do suffix matching")]
    [InlineData("""{"subjects":[{"kind":"Group","group":{"name":"g"}}],"resourceRules":[{"verbs":["*","get"],"apiGroups":[],"resources":["*","pods"]}]}""", "resourceRules[0].verbs: Invalid value: [\"*\",\"get\"]: if '*' is present, must not specify other verbs|resourceRules[0].apiGroups: Required value: resource rules must supply at least one api group|resourceRules[0].resources: Invalid value: [\"*\",\"pods\"]: if '*' is present, must not specify other resources|resourceRules[0].namespaces: Required value: resource rules that are not cluster scoped must supply at least one namespace")]
    public void The_rules_of_a_schema_are_checked(string rule, string expected)
    {
        var errors = Errors(Version, "FlowSchema", Schema($"\"priorityLevelConfiguration\":{{\"name\":\"l\"}},\"rules\":[{rule}]"));
        Assert.Equal(expected, string.Join('|', errors.Select(e => e.Replace("spec.rules[0].", "", StringComparison.Ordinal).Replace("spec.rules[0]", "", StringComparison.Ordinal))));
    }

    private static string Level(string spec, string name = "mine") => $$"""{"metadata":{"name":"{{name}}"},"spec":{{spec}}}""";

    [Theory]
    [InlineData("""{"type":"Limited","limited":{"limitResponse":{"type":"Queue","queuing":{}}}}""", "")]
    [InlineData("""{"type":"Limited","limited":{"nominalConcurrencyShares":0,"limitResponse":{"type":"Reject"}}}""", "")]
    [InlineData("""{"type":"Some"}""", "spec.type: Unsupported value: \"Some\": supported values: \"Exempt\", \"Limited\"")]
    [InlineData("""{"type":"Exempt"}""", "spec.type: Invalid value: \"Exempt\": type must be 'Exempt' if and only if name is 'exempt'")]
    [InlineData("""{"type":"Limited"}""", "spec.limited: Required value: must not be empty when type is Limited")]
    [InlineData("""{"type":"Limited","exempt":{},"limited":{"nominalConcurrencyShares":-1,"lendablePercent":101,"borrowingLimitPercent":-1,"limitResponse":{"type":"Wait"}}}""", "spec.exempt: Forbidden: must be nil if the type is Limited|spec.limited.nominalConcurrencyShares: Invalid value: -1: must be a non-negative integer|spec.limited.limitResponse.type: Unsupported value: \"Wait\": supported values: \"Queue\", \"Reject\"|spec.limited.lendablePercent: Invalid value: 101: must be between 0 and 100, inclusive|spec.limited.borrowingLimitPercent: Invalid value: -1: if specified, must be a non-negative integer")]
    [InlineData("""{"type":"Limited","limited":{"limitResponse":{"type":"Reject","queuing":{}}}}""", "spec.limited.limitResponse.queuing: Forbidden: must be nil if limited.limitResponse.type is not Limited")]
    [InlineData("""{"type":"Limited","limited":{"limitResponse":{"type":"Queue"}}}""", "spec.limited.limitResponse.queuing: Required value: must not be empty if limited.limitResponse.type is Limited")]
    [InlineData("""{"type":"Limited","limited":{"limitResponse":{"type":"Queue","queuing":{"queues":4,"handSize":8,"queueLengthLimit":-1}}}}""", "spec.limited.limitResponse.queuing.queueLengthLimit: Invalid value: -1: must be positive|spec.limited.limitResponse.queuing.handSize: Invalid value: 8: should not be greater than queues (4)")]
    [InlineData("""{"type":"Limited","limited":{"limitResponse":{"type":"Queue","queuing":{"queues":512,"handSize":8}}}}""", "spec.limited.limitResponse.queuing.handSize: Invalid value: 8: required entropy bits of deckSize 512 and handSize 8 should not be greater than 60")]
    public void A_level_is_checked(string spec, string expected) => Assert.Equal(expected, string.Join('|', Errors(Version, "PriorityLevelConfiguration", Level(spec))));

    [Fact]
    public void What_every_cluster_has_is_accepted_and_what_must_be_stays_so()
    {
        string Json<T>(T obj) where T : class, IApiType<T> => System.Text.Encoding.UTF8.GetString(ApiJson.ToBytes(obj));
        foreach (var level in FlowDefaults.MandatoryLevels.Concat(FlowDefaults.SuggestedLevels)) Assert.Empty(Errors(Version, "PriorityLevelConfiguration", Json(level)));
        foreach (var schema in FlowDefaults.MandatorySchemas.Concat(FlowDefaults.SuggestedSchemas)) Assert.Empty(Errors(Version, "FlowSchema", Json(schema)));
        Assert.EndsWith("spec of 'catch-all' must equal the fixed value", Assert.Single(Errors(Version, "PriorityLevelConfiguration", Level("""{"type":"Limited","limited":{"limitResponse":{"type":"Reject"}}}""", "catch-all"))));
        Assert.Empty(Errors(Version, "PriorityLevelConfiguration", Level("""{"type":"Exempt","exempt":{"nominalConcurrencyShares":10}}""", "exempt")));
        Assert.EndsWith("spec of 'exempt' must equal the fixed value", Assert.Single(Errors(Version, "FlowSchema", Schema("\"matchingPrecedence\":2,\"priorityLevelConfiguration\":{\"name\":\"exempt\"}", "exempt"))));
    }

    [Theory]
    [InlineData("FlowSchema", "Name:str/name PriorityLevel:str MatchingPrecedence:str DistinguisherMethod:str Age:str MissingPL:str", """{"spec":{"priorityLevelConfiguration":{"name":"l"},"matchingPrecedence":7},"status":{"conditions":[{"type":"Dangling","status":"False"}]}}""", "x|l|7|<none>|2d|False")]
    [InlineData("FlowSchema", "Name:str/name PriorityLevel:str MatchingPrecedence:str DistinguisherMethod:str Age:str MissingPL:str", """{"spec":{"priorityLevelConfiguration":{"name":"l"},"matchingPrecedence":7,"distinguisherMethod":{"type":"ByUser"}}}""", "x|l|7|ByUser|2d|?")]
    [InlineData("PriorityLevelConfiguration", "Name:str/name Type:str NominalConcurrencyShares:str Queues:str HandSize:str QueueLengthLimit:str Age:str", """{"spec":{"type":"Limited","limited":{"nominalConcurrencyShares":5,"limitResponse":{"type":"Queue","queuing":{"queues":64,"handSize":6,"queueLengthLimit":50}}}}}""", "x|Limited|5|64|6|50|2d")]
    [InlineData("PriorityLevelConfiguration", "Name:str/name Type:str NominalConcurrencyShares:str Queues:str HandSize:str QueueLengthLimit:str Age:str", """{"spec":{"type":"Exempt"}}""", "x|Exempt|<none>|<none>|<none>|<none>|2d")]
    public void Rows_are_upstreams(string kind, string heading, string json, string row)
    {
        Assert.Equal(heading, Row.Heading(Version, kind));
        Assert.Equal(row, Row.Of(Version, kind, json));
    }
}
