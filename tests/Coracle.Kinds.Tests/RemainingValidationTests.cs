using static Coracle.Kinds.Tests.Judge;

namespace Coracle.Kinds.Tests;

/// <summary>What is refused of the kinds of discovery, coordination, access, events and history, in upstream's words.</summary>
public sealed class RemainingValidationTests
{
    private const string Subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
    private const string QualifiedName = "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

    [Theory]
    [InlineData("""{"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"hints":{"forZones":[{"name":"a"}],"forNodes":[{"name":"n"}]}}],"ports":[{"name":"a","port":80},{"port":81}]}""", "")]
    [InlineData("""{"endpoints":[]}""", "addressType: Required value")]
    [InlineData("""{"addressType":"IPv4","endpoints":[{}]}""", "endpoints[0].addresses: Required value: must contain at least 1 address")]
    [InlineData("""{"addressType":"IPv4","endpoints":[{"addresses":["10.0.0"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"10.0.0\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData("""{"addressType":"IPv4","endpoints":[{"addresses":["010.0.0.1"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"010.0.0.1\": must not have leading 0s")]
    [InlineData("""{"addressType":"IPv6","endpoints":[{"addresses":["::ffff:10.0.0.1"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"::ffff:10.0.0.1\": must not be an IPv4-mapped IPv6 address")]
    [InlineData("""{"addressType":"IPv4","endpoints":[{"addresses":["2001:db8::1"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"2001:db8::1\": must be an IPv4 address")]
    [InlineData("""{"addressType":"IPv6","endpoints":[{"addresses":["10.0.0.1"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"10.0.0.1\": must be an IPv6 address")]
    [InlineData("""{"addressType":"IPv4","endpoints":[{"addresses":["127.0.0.1"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"127.0.0.1\": may not be in the loopback range (127.0.0.0/8, ::1/128)")]
    [InlineData("""{"addressType":"IPv4","endpoints":[{"addresses":["0.0.0.0"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"0.0.0.0\": may not be unspecified (0.0.0.0)")]
    [InlineData("""{"addressType":"IPv6","endpoints":[{"addresses":["fe80::1"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"fe80::1\": may not be in the link-local range (169.254.0.0/16, fe80::/10)")]
    [InlineData("""{"addressType":"FQDN","endpoints":[{"addresses":["host"]}]}""", "endpoints[0].addresses[0]: Invalid value: \"host\": should be a domain with at least two segments separated by dots")]
    [InlineData("""{"addressType":"FQDN","endpoints":[{"addresses":["a.example."]}]}""", "")]
    [InlineData("""{"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"nodeName":"N"}]}""", "endpoints[0].nodeName: Invalid value: \"N\": " + Subdomain)]
    [InlineData("""{"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"hints":{"forZones":[{"name":"a"},{"name":"a"}]}}]}""", "endpoints[0].hints.forZones[1].name: Duplicate value: \"a\"")]
    [InlineData("""{"addressType":"IPv4","endpoints":[{"addresses":["10.0.0.1"],"hints":{"forNodes":[{"name":"A"}]}}]}""", "endpoints[0].hints.forNodes[0].name: Invalid value: \"A\": " + Subdomain)]
    [InlineData("""{"addressType":"IPv4","ports":[{"name":"a"},{"name":"a"}]}""", "ports[1].name: Duplicate value: \"a\"")]
    [InlineData("""{"addressType":"IPv4","ports":[{"appProtocol":"a b"}]}""", "ports[0].appProtocol: Invalid value: \"a b\": " + QualifiedName)]
    public void A_slice_is_checked(string json, string expected) => Assert.Equal(expected, string.Join('|', Errors("discovery.k8s.io/v1", "EndpointSlice", json)));

    [Fact]
    public void A_slice_has_limits()
    {
        var endpoints = string.Join(',', Enumerable.Repeat("""{"addresses":["10.0.0.1"]}""", 1001));
        Assert.Equal(["endpoints: Too many: 1001: must have at most 1000 items"], Errors("discovery.k8s.io/v1", "EndpointSlice", $$"""{"addressType":"IPv4","endpoints":[{{endpoints}}]}"""));
        var addresses = string.Join(',', Enumerable.Repeat("\"10.0.0.1\"", 101));
        Assert.Equal(["endpoints[0].addresses: Too many: 101: must have at most 100 items"],
            Errors("discovery.k8s.io/v1", "EndpointSlice", $$$"""{"addressType":"IPv4","endpoints":[{"addresses":[{{{addresses}}}]}]}"""));
    }

    [Fact]
    public void A_slices_addresses_stay_of_one_type_and_odd_ones_may_stay()
    {
        const string odd = """{"addressType":"IPv4","endpoints":[{"addresses":["010.0.0.1"]}]}""";
        Assert.Empty(Changes("discovery.k8s.io/v1", "EndpointSlice", odd, odd));
        Assert.Equal(["addressType: Invalid value: \"IPv6\": field is immutable"],
            Changes("discovery.k8s.io/v1", "EndpointSlice", """{"addressType":"IPv4"}""", """{"addressType":"IPv6"}"""));
    }

    [Theory]
    [InlineData("""{"addresses":[{"ip":"10.0.0.1"}],"ports":[{"port":80}]}""", "")]
    [InlineData("""{"ports":[{"port":80}]}""", "subsets[0]: Required value: must specify `addresses` or `notReadyAddresses`")]
    [InlineData("""{"notReadyAddresses":[{"ip":"x"}]}""", "subsets[0].notReadyAddresses[0].ip: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    [InlineData("""{"addresses":[{"ip":"224.0.0.1"}]}""", "subsets[0].addresses[0].ip: Invalid value: \"224.0.0.1\": may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)")]
    [InlineData("""{"addresses":[{"ip":"10.0.0.1"}],"ports":[{"port":80},{"name":"b","port":81}]}""", "subsets[0].ports[0].name: Required value")]
    [InlineData("""{"addresses":[{"ip":"10.0.0.1"}],"ports":[{"port":65536}]}""", "subsets[0].ports[0].port: Invalid value: 65536: must be between 1 and 65535, inclusive")]
    [InlineData("""{"addresses":[{"ip":"10.0.0.1","nodeName":"N"}]}""", "subsets[0].addresses[0].nodeName: Invalid value: \"N\": " + Subdomain)]
    public void Endpoints_are_checked(string subset, string expected)
    {
        var json = $$$"""{"metadata":{"name":"e"},"subsets":[{{{subset}}}]}""";
        Assert.Equal(expected, string.Join('|', Errors("v1", "Endpoints", json)));
        Assert.Equal(expected, string.Join('|', Changes("v1", "Endpoints", """{"metadata":{"name":"e"}}""", json)));
    }

    [Theory]
    [InlineData("""{"holderIdentity":"a","leaseDurationSeconds":15,"leaseTransitions":0}""", "")]
    [InlineData("""{"leaseDurationSeconds":0}""", "spec.leaseDurationSeconds: Invalid value: 0: must be greater than 0")]
    [InlineData("""{"leaseTransitions":-1}""", "spec.leaseTransitions: Invalid value: -1: must be greater than or equal to 0")]
    [InlineData("""{"strategy":"Mine"}""", "spec.strategy.strategy: Unsupported value: \"Mine\": supported values: \"OldestEmulationVersion\"")]
    [InlineData("""{"strategy":"example.com/mine"}""", "")]
    [InlineData("""{"preferredHolder":"b"}""", "spec.preferredHolder: Forbidden: may only be specified if `strategy` is defined")]
    public void A_lease_is_checked(string spec, string expected)
    {
        Assert.Equal(expected, string.Join('|', Errors("coordination.k8s.io/v1", "Lease", $$$"""{"spec":{{{spec}}} }""")));
        Assert.Equal(expected, string.Join('|', Changes("coordination.k8s.io/v1", "Lease", "{}", $$$"""{"spec":{{{spec}}} }""")));
    }

    [Theory]
    [InlineData("Role", """{"verbs":["get"],"apiGroups":[""],"resources":["pods"],"resourceNames":["a"]}""", "")]
    [InlineData("Role", """{"apiGroups":[""],"resources":["pods"]}""", "rules[0].verbs: Required value: verbs must contain at least one value")]
    [InlineData("Role", """{"verbs":["get"],"resources":["pods"]}""", "rules[0].apiGroups: Required value: resource rules must supply at least one api group")]
    [InlineData("Role", """{"verbs":["get"],"apiGroups":[""]}""", "rules[0].resources: Required value: resource rules must supply at least one resource")]
    [InlineData("Role", """{"verbs":["get"],"nonResourceURLs":["/x"]}""", "rules[0].nonResourceURLs: Invalid value: [\"/x\"]: namespaced rules cannot apply to non-resource URLs")]
    [InlineData("ClusterRole", """{"verbs":["get"],"nonResourceURLs":["/x"]}""", "")]
    [InlineData("ClusterRole", """{"verbs":["get"],"nonResourceURLs":["/x"],"resources":["pods"]}""", "rules[0].nonResourceURLs: Invalid value: [\"/x\"]: rules cannot apply to both regular resources and non-resource URLs")]
    public void A_roles_rules_are_checked(string kind, string rule, string expected) =>
        Assert.Equal(expected, string.Join('|', Errors("rbac.authorization.k8s.io/v1", kind, $$$"""{"rules":[{{{rule}}}]}""")));

    [Theory]
    [InlineData("""{}""", "aggregationRule.clusterRoleSelectors: Required value: at least one clusterRoleSelector required if aggregationRule is non-nil")]
    [InlineData("""{"clusterRoleSelectors":[{"matchExpressions":[{"key":"a","operator":"In"}]}]}""", "aggregationRule.clusterRoleSelectors[0].matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'")]
    [InlineData("""{"clusterRoleSelectors":[{"matchLabels":{"a":"b"}}]}""", "")]
    public void An_aggregated_roles_selectors_are_checked(string rule, string expected) =>
        Assert.Equal(expected, string.Join('|', Errors("rbac.authorization.k8s.io/v1", "ClusterRole", $$$"""{"aggregationRule":{{{rule}}} }""")));

    [Theory]
    [InlineData("RoleBinding", """{"kind":"Role","name":"r"}""", """{"kind":"User","name":"u"}""", "")]
    [InlineData("RoleBinding", """{"kind":"Pod","name":"r"}""", """{"kind":"User","name":"u"}""", "roleRef.kind: Unsupported value: \"Pod\": supported values: \"Role\", \"ClusterRole\"")]
    [InlineData("ClusterRoleBinding", """{"kind":"Role","name":"r"}""", """{"kind":"User","name":"u"}""", "roleRef.kind: Unsupported value: \"Role\": supported values: \"ClusterRole\"")]
    [InlineData("RoleBinding", """{"apiGroup":"x","kind":"Role","name":"r"}""", """{"kind":"User","name":"u"}""", "roleRef.apiGroup: Unsupported value: \"x\": supported values: \"rbac.authorization.k8s.io\"")]
    [InlineData("RoleBinding", """{"kind":"Role"}""", """{"kind":"User","name":"u"}""", "roleRef.name: Required value")]
    [InlineData("RoleBinding", """{"kind":"Role","name":"a/b"}""", """{"kind":"User","name":"u"}""", "roleRef.name: Invalid value: \"a/b\": may not contain '/'")]
    [InlineData("RoleBinding", """{"kind":"Role","name":"r"}""", """{"kind":"Group"}""", "subjects[0].name: Required value|subjects[0].name: Invalid value: \"\": group name cannot be empty")]
    [InlineData("RoleBinding", """{"kind":"Role","name":"r"}""", """{"kind":"Robot","name":"u"}""", "subjects[0].kind: Unsupported value: \"Robot\": supported values: \"ServiceAccount\", \"User\", \"Group\"")]
    [InlineData("RoleBinding", """{"kind":"Role","name":"r"}""", """{"kind":"ServiceAccount","apiGroup":"x","name":"a"}""", "subjects[0].apiGroup: Unsupported value: \"x\": supported values: \"\"")]
    [InlineData("RoleBinding", """{"kind":"Role","name":"r"}""", """{"kind":"ServiceAccount","name":"a"}""", "")]
    [InlineData("ClusterRoleBinding", """{"kind":"ClusterRole","name":"r"}""", """{"kind":"ServiceAccount","name":"a"}""", "subjects[0].namespace: Required value")]
    [InlineData("ClusterRoleBinding", """{"kind":"ClusterRole","name":"r"}""", """{"kind":"ServiceAccount","name":"A","namespace":"n"}""", "subjects[0].name: Invalid value: \"A\": " + Subdomain)]
    public void A_binding_is_checked(string kind, string role, string subject, string expected) =>
        Assert.Equal(expected, string.Join('|', Errors("rbac.authorization.k8s.io/v1", kind, $$$"""{"roleRef":{{{role}}},"subjects":[{{{subject}}}]}""")));

    [Theory]
    [InlineData("RoleBinding")]
    [InlineData("ClusterRoleBinding")]
    public void A_bindings_role_is_immutable(string kind)
    {
        const string old = """{"roleRef":{"kind":"ClusterRole","name":"view"}}""";
        Assert.Equal(["roleRef: Invalid value: {\"APIGroup\":\"rbac.authorization.k8s.io\",\"Kind\":\"ClusterRole\",\"Name\":\"edit\"}: cannot change roleRef"],
            Changes("rbac.authorization.k8s.io/v1", kind, old, """{"roleRef":{"kind":"ClusterRole","name":"edit"}}"""));
        Assert.Empty(Changes("rbac.authorization.k8s.io/v1", kind, old, """{"roleRef":{"kind":"ClusterRole","name":"view"},"subjects":[{"kind":"User","name":"u"}]}"""));
    }

    [Fact]
    public void A_past_state_stays_as_it_is()
    {
        Assert.Equal(["data: Required value: data is mandatory", "revision: Invalid value: -1: must be greater than or equal to 0"], Errors("apps/v1", "ControllerRevision", """{"revision":-1}"""));
        Assert.Empty(Changes("apps/v1", "ControllerRevision", """{"data":{"a":1},"revision":1}""", """{"data":{"a":1},"revision":2}"""));
        Assert.EndsWith("field is immutable", Assert.Single(Changes("apps/v1", "ControllerRevision", """{"data":{"a":1},"revision":1}""", """{"data":{"a":2},"revision":1}""")));
    }

    private const string NewEvent = """
        {"metadata":{"name":"e","namespace":"n"},"regarding":{"namespace":"n"},"eventTime":"2024-01-01T00:00:00.000001Z","reportingController":"a.b/c","reportingInstance":"i","action":"A","reason":"R","type":"Normal"}
        """;

    [Theory]
    [InlineData("{\"metadata\":{\"name\":\"e\",\"namespace\":\"n\"},\"involvedObject\":{\"namespace\":\"n\"}}", "")]
    [InlineData("{\"metadata\":{\"name\":\"e\",\"namespace\":\"default\"},\"involvedObject\":{}}", "")]
    [InlineData("{\"metadata\":{\"name\":\"e\",\"namespace\":\"n\"},\"involvedObject\":{\"namespace\":\"m\"}}", "involvedObject.namespace: Invalid value: \"m\": does not match event.namespace")]
    [InlineData("{\"metadata\":{\"name\":\"e\",\"namespace\":\"n\"},\"involvedObject\":{}}", "involvedObject.namespace: Invalid value: \"\": does not match event.namespace")]
    [InlineData("{\"metadata\":{\"name\":\"e\",\"namespace\":\"kube-system\"},\"involvedObject\":{}}", "involvedObject.namespace: Invalid value: \"\": does not match event.namespace")]
    [InlineData("{\"metadata\":{\"name\":\"e\",\"namespace\":\"kube-system\"},\"involvedObject\":{},\"eventTime\":\"2024-01-01T00:00:00.000001Z\",\"reportingComponent\":\"c\",\"reportingInstance\":\"i\",\"reason\":\"R\"}", "action: Required value")]
    [InlineData("{\"metadata\":{\"name\":\"e\",\"namespace\":\"n\"},\"involvedObject\":{\"namespace\":\"n\"},\"eventTime\":\"2024-01-01T00:00:00.000001Z\",\"reportingComponent\":\"a b\",\"action\":\"A\",\"reason\":\"R\"}", "reportingComponent: Invalid value: \"a b\": " + QualifiedName + "|reportingInstance: Required value")]
    public void An_event_is_checked(string json, string expected)
    {
        Assert.Equal(expected, string.Join('|', Errors("v1", "Event", json)));
        Assert.Equal(expected, string.Join('|', Changes("v1", "Event", json, json)));
    }

    [Theory]
    [InlineData("", "", "")]
    [InlineData("\"Normal\"", "\"Odd\"", "type: Invalid value: \"\": has invalid value: Odd")]
    [InlineData("\"reason\":\"R\"", "\"reason\":\"R\",\"deprecatedCount\":1,\"deprecatedSource\":{\"component\":\"c\"}", "count: Invalid value: \"\": needs to be unset|source: Invalid value: \"\": needs to be unset")]
    [InlineData("\"reason\":\"R\"", "\"reason\":\"R\",\"series\":{\"count\":1}", "series.count: Invalid value: \"\": should be at least 2|series.lastObservedTime: Required value")]
    [InlineData("\"eventTime\":\"2024-01-01T00:00:00.000001Z\",", "", "eventTime: Required value")]
    public void An_event_of_the_newer_group_is_checked_strictly(string from, string to, string expected) =>
        Assert.Equal(expected, string.Join('|', Errors("events.k8s.io/v1", "Event", from.Length == 0 ? NewEvent : NewEvent.Replace(from, to, StringComparison.Ordinal))));

    [Theory]
    [InlineData("\"reason\":\"R\"", "\"reason\":\"S\"", "reason: Invalid value: \"S\": field is immutable")]
    [InlineData("\"reason\":\"R\"", "\"reason\":\"R\",\"note\":\"x\"", "message: Invalid value: \"x\": field is immutable")]
    [InlineData("\"reason\":\"R\"", "\"reason\":\"R\",\"series\":{\"count\":2,\"lastObservedTime\":\"2024-01-01T00:00:01.000000Z\"}", "")]
    [InlineData("\"regarding\":{", "\"regarding\":{\"kind\":\"K\",", "involvedObject: Invalid value: {\"kind\":\"K\",\"namespace\":\"n\"}: field is immutable")]
    public void Only_the_series_of_an_event_grows(string from, string to, string expected) =>
        Assert.Equal(expected, string.Join('|', Changes("events.k8s.io/v1", "Event", NewEvent, NewEvent.Replace(from, to, StringComparison.Ordinal))));

    [Theory]
    [InlineData("SelfSubjectAccessReview", """{"spec":{"resourceAttributes":{"verb":"get"}}}""", "")]
    [InlineData("SelfSubjectAccessReview", """{"spec":{}}""", "spec.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified")]
    [InlineData("SelfSubjectAccessReview", """{"spec":{"resourceAttributes":{},"nonResourceAttributes":{"path":"/"}}}""", "spec.nonResourceAttributes: Invalid value: {\"path\":\"/\"}: cannot be specified in combination with resourceAttributes")]
    [InlineData("SelfSubjectAccessReview", """{"metadata":{"name":"x"},"spec":{"resourceAttributes":{}}}""", "metadata: Invalid value: {\"name\":\"x\"}: must be empty")]
    [InlineData("SubjectAccessReview", """{"spec":{"resourceAttributes":{}}}""", "spec.user: Invalid value: \"\": at least one of user or group must be specified")]
    [InlineData("SubjectAccessReview", """{"spec":{"user":"u","resourceAttributes":{"fieldSelector":{"rawSelector":"a=b","requirements":[{"key":"","operator":"In"}]},"labelSelector":{}}}}""",
        "spec.resourceAttributes.fieldSelector.rawSelector: Invalid value: \"a=b\": may not specified at the same time as requirements|spec.resourceAttributes.fieldSelector.requirements[0].key: Required value: must be specified"
        + "|spec.resourceAttributes.fieldSelector.requirements[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'"
        + "|spec.resourceAttributes.labelSelector.requirements: Required value: when spec.resourceAttributes.labelSelector is specified, requirements or rawSelector is required")]
    [InlineData("LocalSubjectAccessReview", """{"metadata":{"namespace":"n"},"spec":{"user":"u","resourceAttributes":{"namespace":"m"}}}""", "spec.resourceAttributes.namespace: Invalid value: \"m\": must match metadata.namespace")]
    [InlineData("LocalSubjectAccessReview", """{"metadata":{"namespace":"n"},"spec":{"user":"u","nonResourceAttributes":{"path":"/"}}}""", "spec.nonResourceAttributes: Invalid value: {\"path\":\"/\"}: disallowed on this kind of request")]
    [InlineData("LocalSubjectAccessReview", """{"metadata":{"namespace":"n"},"spec":{"user":"u","resourceAttributes":{"namespace":"n"}}}""", "")]
    public void A_review_asks_one_question(string kind, string json, string expected) => Assert.Equal(expected, string.Join('|', Errors("authorization.k8s.io/v1", kind, json)));
}
