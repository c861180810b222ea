using System.Text.Json.Nodes;
using static Coracle.Kinds.Tests.Judge;

namespace Coracle.Kinds.Tests;

/// <summary>What is refused and shown of the kinds of resource.k8s.io, in upstream's words.</summary>
public sealed class DeviceTests
{
    private const string Version = "resource.k8s.io/v1";
    private const string Label = "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
    private const string NoRequest = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'";
    private const string OnePlace = "exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required";

    [Theory]
    [InlineData("""{"selectors":[{"cel":{"expression":"true"}}],"config":[{"opaque":{"driver":"d.example","parameters":{"a":1}}}],"extendedResourceName":"example.com/gpu"}""", "")]
    [InlineData("""{"selectors":[{}],"config":[{}]}""", "spec.selectors[0].cel: Required value|spec.config[0].opaque: Required value")]
    [InlineData("""{"config":[{"opaque":{"driver":"","parameters":[1]}},{"opaque":{"driver":"d"}}]}""", "spec.config[0].opaque.driver: Required value|spec.config[0].opaque.driver: Invalid value: \"\": SUBDOMAIN|spec.config[0].opaque.parameters: Invalid value: \"<value omitted>\": must be a valid JSON object|spec.config[1].opaque.parameters: Required value")]
    [InlineData("""{"extendedResourceName":"cpu"}""", "spec.extendedResourceName: Invalid value: \"cpu\": must be a valid extended resource name")]
    public void A_class_of_devices_is_checked(string spec, string expected) => Assert.Equal(Full(expected), string.Join('|', Errors(Version, "DeviceClass", $$"""{"spec":{{spec}}}""")));

    [Theory]
    [InlineData("device.driver == 'd.example' && device.attributes['d.example'].model == 'a100' && device.capacity['d.example'].memory.compareTo(quantity('40Gi')) >= 0", "")]
    [InlineData("device.attributes['d.example'].driverVersion.isGreaterThan(semver('1.0.0')) && device.attributes['d.example'].model.lowerAscii().startsWith('a')", "")]
    [InlineData("cel.bind(d, device.attributes['d.example'], d.a && d.?b.orValue(false) && 'c' in d && device.allowMultipleAllocations)", "")]
    [InlineData("device.attributes['d.example'].healthy", "")]
    [InlineData("device.attributes.exists(d, device.attributes[d].exists(a, a.matches('model.*')))", "")]
    [InlineData("device.attributes.all(a, device.attributes.all(b, device.attributes.all(c, device.attributes.all(d, device.attributes.all(e, a != b)))))", "Forbidden: too complex, exceeds cost limit")]
    [InlineData("device.driver", "Invalid value: \"device.driver\": must evaluate to bool or the unknown type, not string")]
    [InlineData("device.size", "Invalid value: \"device.size\": compilation failed: ERROR: <input>:1:7: undefined field 'size'\n | device.size\n | ......^")]
    public void An_expression_is_about_what_a_device_has(string expression, string expected)
    {
        var quoted = System.Text.Json.JsonSerializer.Serialize(expression);
        var errors = Errors(Version, "DeviceClass", "{\"spec\":{\"selectors\":[{\"cel\":{\"expression\":" + quoted + "}}]}}");
        Assert.Equal(expected.Length == 0 ? "" : "spec.selectors[0].cel.expression: " + expected, string.Join('|', errors));
    }

    private static string Full(string text) => text.Replace("SUBDOMAIN", "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')", StringComparison.Ordinal);

    [Theory]
    [InlineData("""{"requests":[{"name":"a","exactly":{"deviceClassName":"c"}}]}""", "")]
    [InlineData("""{"requests":[{"name":"a"}]}""", "requests[0]: Required value: exactly one of `exactly` or `firstAvailable` is required")]
    [InlineData("""{"requests":[{"name":"a","exactly":{"deviceClassName":"c"},"firstAvailable":[{"name":"x","deviceClassName":"c"}]}]}""", "requests[0]: Invalid value: null: exactly one of `exactly` or `firstAvailable` is required, but multiple fields are set")]
    [InlineData("""{"requests":[{"name":"a","exactly":{"deviceClassName":"","allocationMode":"All","count":2,"tolerations":[{"operator":"Exists","value":"v"},{"operator":"Like","effect":"Bad"}]}}]}""", "requests[0].exactly.deviceClassName: Required value|requests[0].exactly.count: Invalid value: 2: must not be specified when allocationMode is 'All'|requests[0].exactly.tolerations[0].value: Invalid value: \"v\": must be empty for operator `Exists`|requests[0].exactly.tolerations[1].operator: Unsupported value: \"Like\": supported values: \"Equal\", \"Exists\"|requests[0].exactly.tolerations[1].effect: Unsupported value: \"Bad\": supported values: \"NoExecute\", \"NoSchedule\", \"None\"")]
    [InlineData("""{"requests":[{"name":"a","exactly":{"deviceClassName":"c","count":-1}},{"name":"a","exactly":{"deviceClassName":"c","allocationMode":"Some"}}]}""", "requests[0].exactly.count: Invalid value: -1: must be greater than zero|requests[1].exactly.allocationMode: Unsupported value: \"Some\": supported values: \"All\", \"ExactCount\"|requests[1]: Duplicate value: \"a\"")]
    [InlineData("""{"requests":[{"name":"a","firstAvailable":[{"name":"x","deviceClassName":"c"}]}],"constraints":[{"requests":["a/x","a"],"matchAttribute":"d.example/model"},{"requests":["b","a/y"],"distinctAttribute":"model"},{}]}""", "constraints[1].requests[0]: Invalid value: \"b\": " + NoRequest + "|constraints[1].requests[1]: Invalid value: \"a/y\": " + NoRequest + "|constraints[1].distinctAttribute: Invalid value: \"model\": a fully qualified name must be a domain and a name separated by a slash|constraints[2]: Required value: exactly one of \"matchAttribute\" or \"distinctAttribute\" is required, but multiple fields are set")]
    public void A_claim_is_checked(string devices, string expected) =>
        Assert.Equal(expected, string.Join('|', Errors(Version, "ResourceClaim", "{\"spec\":{\"devices\":" + devices + "}}").Select(e => e.Replace("spec.devices.", "", StringComparison.Ordinal))));

    [Fact]
    public void A_request_is_for_one_device_unless_it_says_otherwise()
    {
        var claim = JsonNode.Parse("""{"spec":{"devices":{"requests":[{"exactly":{}},{"exactly":{"allocationMode":"All"}},{"firstAvailable":[{"count":2}]}]}}}""")!.AsObject();
        GeneratedKinds.All.Single(k => k.Kind == "ResourceClaim").Rules.Default(claim);
        Assert.Equal("""[{"exactly":{"allocationMode":"ExactCount","count":1}},{"exactly":{"allocationMode":"All"}},{"firstAvailable":[{"count":2,"allocationMode":"ExactCount"}]}]""", claim["spec"]!["devices"]!["requests"]!.ToJsonString());
    }

    private const string Spec = """{"devices":{"requests":[{"name":"a","exactly":{"deviceClassName":"c"}}]}}""";
    private const string Given = """{"devices":{"results":[{"request":"a","driver":"d.example","pool":"p","device":"x"}]}}""";

    [Theory]
    [InlineData("{}", $$"""{"allocation":{{Given}} ,"reservedFor":[{"resource":"pods","name":"p","uid":"1"}],"devices":[{"driver":"d.example","pool":"p","device":"x","networkData":{"ips":["10.0.0.1/24"]} } ] }""", "")]
    [InlineData("{}", """{"reservedFor":[{"resource":"","name":"","uid":""}]}""", "status.reservedFor[0].resource: Required value|status.reservedFor[0].name: Required value|status.reservedFor[0].uid: Required value|status.reservedFor: Forbidden: may not be specified when `allocated` is not set")]
    [InlineData("{}", """{"allocation":{"devices":{"results":[{"request":"b","driver":"d","pool":"","device":"x","bindingConditions":["c"]}]}}}""", "status.allocation.devices.results[0].request: Invalid value: \"b\": " + NoRequest + "|status.allocation.devices.results[0].pool: Required value|status.allocation.devices.results[0].bindingFailureConditions: Invalid value: null: bindingFailureConditions are required to use bindingConditions")]
    [InlineData("{}", """{"devices":[{"driver":"d","pool":"p","device":"x"}]}""", "status.devices[0]: Invalid value: \"d/p/x\": must be an allocated device in the claim")]
    public void What_was_given_is_checked(string old, string now, string expected) =>
        Assert.Equal(expected, string.Join('|', Changes(Version, "ResourceClaim", $$"""{"spec":{{Spec}},"status":{{old}}}""", $$"""{"spec":{{Spec}},"status":{{now}}}""", "status")));

    [Fact]
    public void What_was_asked_for_and_what_was_given_stays()
    {
        Assert.EndsWith(": field is immutable", Assert.Single(Changes(Version, "ResourceClaim", $$"""{"spec":{{Spec}}}""", """{"spec":{"devices":{}}}""")));
        Assert.EndsWith(": field is immutable", Assert.Single(Changes(Version, "ResourceClaim", $$"""{"spec":{{Spec}},"status":{"allocation":{{Given}} } }""", $$"""{"spec":{{Spec}},"status":{"allocation":{"devices":{ } } } }""", "status")));
        Assert.EndsWith(": field is immutable", Assert.Single(Changes(Version, "ResourceClaimTemplate", $$$"""{"spec":{"spec":{{{Spec}}} } }""", """{"spec":{"spec":{"devices":{}}}}""")));
    }

    [Fact]
    public void What_a_driver_says_of_a_device_goes_with_the_device()
    {
        var old = JsonNode.Parse($$$"""{"status":{"allocation":{{{Given}}} } }""")!.AsObject();
        var obj = JsonNode.Parse("""{"status":{"devices":[{"driver":"d.example","pool":"p","device":"x"},{"driver":"other","pool":"p","device":"y"}]}}""")!.AsObject();
        GeneratedKinds.All.Single(k => k.Kind == "ResourceClaim").Rules.PrepareForUpdate(obj, old, "status");
        Assert.Equal("""[{"driver":"other","pool":"p","device":"y"}]""", obj["status"]!["devices"]!.ToJsonString());
    }

    private static string Slice(string more) => $$$"""{"spec":{"driver":"d.example","pool":{"name":"p","generation":1,"resourceSliceCount":1}{{{more}}} } }""";

    [Theory]
    [InlineData(",\"nodeName\":\"n\",\"devices\":[{\"name\":\"x\",\"attributes\":{\"model\":{\"string\":\"m\"},\"d.example/v\":{\"version\":\"1.2.3-a+b\"}},\"capacity\":{\"memory\":{\"value\":\"1Gi\"}}}]", "")]
    [InlineData("", "spec: Required value: " + OnePlace)]
    [InlineData(",\"nodeName\":\"n\",\"allNodes\":true", "spec: Invalid value: \"{`nodeName`, `allNodes`}\": " + OnePlace + ", but multiple fields are set")]
    [InlineData(",\"allNodes\":false,\"nodeName\":\"n\"", "spec.allNodes: Invalid value: false: must be either unset or set to true")]
    [InlineData(",\"allNodes\":true,\"devices\":[{\"name\":\"X\"},{\"name\":\"y\",\"nodeName\":\"n\"},{\"name\":\"y\"}]", "spec.devices[0].name: Invalid value: \"X\": " + Label + "|spec.devices[1]: Invalid value: null: `nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec|spec.devices[2]: Duplicate value: \"y\"")]
    [InlineData(",\"perDeviceNodeSelection\":true,\"devices\":[{\"name\":\"x\"},{\"name\":\"y\",\"allNodes\":true}]", "spec.devices[0]: Required value: exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec")]
    [InlineData(",\"allNodes\":true,\"devices\":[{\"name\":\"x\",\"attributes\":{\"a\":{},\"b\":{\"int\":1,\"bool\":true},\"c\":{\"version\":\"1\"}}}]", "spec.devices[0].attributes[a]: Invalid value: \"\": exactly one value must be specified|spec.devices[0].attributes[b]: Invalid value: {\"int\":1,\"bool\":true}: exactly one value must be specified|spec.devices[0].attributes[c].version: Invalid value: \"1\": must be a string compatible with semver.org spec 2.0.0")]
    [InlineData(",\"allNodes\":true,\"devices\":[{\"name\":\"x\",\"taints\":[{\"key\":\"k\",\"effect\":\"Bad\"},{\"key\":\"k\",\"effect\":\"\"}],\"consumesCounters\":[{\"counterSet\":\"\"}]}]", "spec.devices[0].taints[0].effect: Unsupported value: \"Bad\": supported values: \"NoExecute\", \"NoSchedule\", \"None\"|spec.devices[0].taints[1].effect: Required value|spec.devices[0].consumesCounters[0].counterSet: Required value|spec.devices[0].consumesCounters[0].counters: Required value")]
    [InlineData(",\"allNodes\":true,\"devices\":[{\"name\":\"x\",\"capacity\":{\"m\":{\"value\":\"10\",\"requestPolicy\":{\"default\":\"1\",\"validValues\":[\"1\"]}}}}]", "spec.devices[0].capacity[m].requestPolicy: Forbidden: allowMultipleAllocations must be true")]
    [InlineData(",\"allNodes\":true,\"devices\":[{\"name\":\"x\",\"allowMultipleAllocations\":true,\"capacity\":{\"m\":{\"value\":\"10\",\"requestPolicy\":{\"default\":\"3\",\"validValues\":[\"2\",\"1\",\"20\"]}},\"n\":{\"value\":\"10\",\"requestPolicy\":{\"default\":\"3\",\"validRange\":{\"min\":\"2\",\"max\":\"20\",\"step\":\"4\"}}}}}]", "spec.devices[0].capacity[m].requestPolicy.validValues[1]: Invalid value: \"1\": values must be sorted in ascending order|spec.devices[0].capacity[m].requestPolicy.validValues[2]: Invalid value: \"20\": option is larger than capacity value: 10|spec.devices[0].capacity[m].requestPolicy.validValues: Invalid value: \"3\": default value is not valid according to the requestPolicy|spec.devices[0].capacity[n].requestPolicy.validRange.max: Invalid value: \"20\": max is larger than capacity value: 10|spec.devices[0].capacity[n].requestPolicy.validRange.step: Invalid value: \"3\": value is not a multiple of a given step (4) from (2)|spec.devices[0].capacity[n].requestPolicy.validRange.step: Invalid value: \"20\": value is not a multiple of a given step (4) from (2)")]
    [InlineData(",\"allNodes\":true,\"sharedCounters\":[{\"name\":\"s\",\"counters\":{\"c\":{\"value\":\"1\"}}}]", "")]
    [InlineData(",\"allNodes\":true,\"sharedCounters\":[{\"name\":\"\"}],\"devices\":[{\"name\":\"x\"}]", "spec: Invalid value: \"\": only one of `sharedCounters` or `devices` is allowed|spec.sharedCounters[0].name: Required value|spec.sharedCounters[0].counters: Required value")]
    public void A_slice_is_checked(string more, string expected) => Assert.Equal(expected, string.Join('|', Errors(Version, "ResourceSlice", Slice(more))));

    [Fact]
    public void A_slice_stays_where_it_is() => Assert.Equal(
        ["spec.pool.name: Invalid value: \"q\": field is immutable", "spec.nodeName: Invalid value: \"m\": field is immutable"],
        Changes(Version, "ResourceSlice", Slice(",\"nodeName\":\"n\""), Slice(",\"nodeName\":\"m\"").Replace("\"p\"", "\"q\"", StringComparison.Ordinal)));

    [Theory]
    [InlineData("DeviceClass", "Name:str/name Age:str", "{}", "x|2d")]
    [InlineData("ResourceClaimTemplate", "Name:str/name Age:str", "{}", "x|2d")]
    [InlineData("ResourceClaim", "Name:str/name State:str Age:str", "{}", "x|pending|2d")]
    [InlineData("ResourceClaim", "Name:str/name State:str Age:str", $$"""{"metadata":{"deletionTimestamp":"2029-12-30T12:00:00Z"},"status":{"allocation":{{Given}},"reservedFor":[{"resource":"pods","name":"p","uid":"1"} ] } }""", "x|deleted,allocated,reserved|2d")]
    [InlineData("ResourceSlice", "Name:str/name Node:str Driver:str Pool:str Age:str", """{"spec":{"nodeName":"n","driver":"d","pool":{"name":"p"}}}""", "x|n|d|p|2d")]
    public void Rows_are_upstreams(string kind, string heading, string json, string row)
    {
        Assert.Equal(heading, Row.Heading(Version, kind));
        Assert.Equal(row, Row.Of(Version, kind, json));
    }
}
