using System.Text.Json.Nodes;
using static Coracle.Kinds.Tests.Judge;

namespace Coracle.Kinds.Tests;

/// <summary>What is refused, warned of and shown of the kinds of networking.k8s.io, in upstream's words.</summary>
public sealed class NetworkingTests
{
    private const string Version = "networking.k8s.io/v1";
    private const string Fixed = "field is immutable";
    private const string Subdomain = "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";

    [Theory]
    [InlineData("""{}""", "")]
    [InlineData("""{"podSelector":{"matchExpressions":[{"key":"a","operator":"In"}]}}""", "spec.podSelector.matchExpressions[0].values: Required value: must be specified when `operator` is 'In' or 'NotIn'")]
    [InlineData("""{"ingress":[{}],"egress":[{"to":[{}]}]}""", "spec.egress[0].to[0]: Required value: must specify a peer")]
    [InlineData("""{"ingress":[{"ports":[{"protocol":"HTTP","port":80}]}]}""", "spec.ingress[0].ports[0].protocol: Unsupported value: \"HTTP\": supported values: \"TCP\", \"UDP\", \"SCTP\"")]
    [InlineData("""{"ingress":[{"ports":[{"port":0}]}]}""", "spec.ingress[0].ports[0].port: Invalid value: 0: must be between 1 and 65535, inclusive")]
    [InlineData("""{"ingress":[{"ports":[{"port":90,"endPort":80}]}]}""", "spec.ingress[0].ports[0].endPort: Invalid value: 80: must be greater than or equal to `port`")]
    [InlineData("""{"ingress":[{"ports":[{"port":"web","endPort":80}]}]}""", "spec.ingress[0].ports[0].endPort: Invalid value: 80: may not be specified when `port` is non-numeric")]
    [InlineData("""{"ingress":[{"ports":[{"endPort":80}]}]}""", "spec.ingress[0].ports[0].endPort: Invalid value: 80: may not be specified when `port` is not specified")]
    [InlineData("""{"ingress":[{"from":[{"podSelector":{},"namespaceSelector":{}}]}]}""", "")]
    [InlineData("""{"ingress":[{"from":[{"podSelector":{},"ipBlock":{"cidr":"10.0.0.0/8"}}]}]}""", "spec.ingress[0].from[0]: Forbidden: may not specify both ipBlock and another peer")]
    [InlineData("""{"ingress":[{"from":[{"ipBlock":{"cidr":""}}]}]}""", "spec.ingress[0].from[0].ipBlock.cidr: Required value")]
    [InlineData("""{"ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.0"}}]}]}""", "spec.ingress[0].from[0].ipBlock.cidr: Invalid value: \"10.0.0.0\": must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)")]
    [InlineData("""{"ingress":[{"from":[{"ipBlock":{"cidr":"10.0.0.0/8","except":["10.1.0.0/16","11.0.0.0/16","10.0.0.0/8","fd00::/64"]}}]}]}""", "spec.ingress[0].from[0].ipBlock.except[1]: Invalid value: \"11.0.0.0/16\": must be a strict subset of `cidr`|spec.ingress[0].from[0].ipBlock.except[2]: Invalid value: \"10.0.0.0/8\": must be a strict subset of `cidr`|spec.ingress[0].from[0].ipBlock.except[3]: Invalid value: \"fd00::/64\": must be a strict subset of `cidr`")]
    [InlineData("""{"policyTypes":["Ingress","Both"]}""", "spec.policyTypes[1]: Unsupported value: \"Both\": supported values: \"Ingress\", \"Egress\"")]
    [InlineData("""{"policyTypes":["Ingress","Egress","Egress"]}""", "spec.policyTypes: Invalid value: [\"Ingress\",\"Egress\",\"Egress\"]: may not specify more than two policyTypes")]
    public void A_network_policy_is_checked(string spec, string expected) => Assert.Equal(expected, string.Join('|', Errors(Version, "NetworkPolicy", $$"""{"spec":{{spec}}}""")));

    [Theory]
    [InlineData("""{"podSelector":{}}""", """["Ingress"]""")]
    [InlineData("""{"podSelector":{},"egress":[{}]}""", """["Ingress","Egress"]""")]
    [InlineData("""{"podSelector":{},"egress":[{}],"policyTypes":["Egress"]}""", """["Egress"]""")]
    public void A_network_policy_limits_what_it_has_rules_for(string spec, string types)
    {
        var obj = new JsonObject { ["spec"] = JsonNode.Parse(spec) };
        GeneratedKinds.All.Single(k => k.Kind == "NetworkPolicy").Rules.Default(obj);
        Assert.Equal(types, obj["spec"]!["policyTypes"]!.ToJsonString());
    }

    [Fact]
    public void An_odd_range_may_stay_in_a_network_policy_and_is_warned_of()
    {
        const string odd = """{"spec":{"egress":[{"to":[{"ipBlock":{"cidr":"010.0.0.0/8"}}]}]}}""";
        const string moved = """{"spec":{"ingress":[{"from":[{"ipBlock":{"cidr":"010.0.0.0/8"}}]}]}}""";
        Assert.Equal(["spec.egress[0].to[0].ipBlock.cidr: Invalid value: \"010.0.0.0/8\": must not have leading 0s in IP or prefix length"], Errors(Version, "NetworkPolicy", odd));
        Assert.Empty(Changes(Version, "NetworkPolicy", odd, moved));
        Assert.Single(Warnings(Version, "NetworkPolicy", odd));
    }

    private const string Web = """{"service":{"name":"web","port":{"number":80}}}""";

    [Theory]
    [InlineData("""{"defaultBackend":WEB}""", "")]
    [InlineData("""{}""", "spec: Invalid value: null: either `defaultBackend` or `rules` must be specified")]
    [InlineData("""{"defaultBackend":{}}""", "spec.defaultBackend: Invalid value: \"\": resource or service backend is required")]
    [InlineData("""{"defaultBackend":{"service":{"name":"web","port":{"name":"p","number":80}}}}""", "spec.defaultBackend: Invalid value: \"\": cannot set both port name & port number")]
    [InlineData("""{"defaultBackend":{"service":{"name":"","port":{}}}}""", "spec.defaultBackend.service.name: Required value|spec.defaultBackend: Required value: port name or number is required")]
    [InlineData("""{"defaultBackend":{"service":{"name":"web","port":{"number":70000}}}}""", "spec.defaultBackend.service.port.number: Invalid value: 70000: must be between 1 and 65535, inclusive")]
    [InlineData("""{"defaultBackend":{"service":{"name":"web","port":{"number":80}},"resource":{"kind":"K","name":"n"}}}""", "spec.defaultBackend: Invalid value: \"\": cannot set both resource and service backends")]
    [InlineData("""{"defaultBackend":{"resource":{"apiGroup":"A","kind":"","name":"a/b"}}}""", "spec.defaultBackend.resource.apiGroup: Invalid value: \"A\": " + Subdomain + "|spec.defaultBackend.resource.kind: Required value|spec.defaultBackend.resource.name: Invalid value: \"a/b\": may not contain '/'")]
    [InlineData("""{"rules":[{"host":"10.0.0.1"}]}""", "spec.rules[0].host: Invalid value: \"10.0.0.1\": must be a DNS name, not an IP address")]
    [InlineData("""{"rules":[{"host":"*.example.com"},{"host":"A"}]}""", "spec.rules[1].host: Invalid value: \"A\": " + Subdomain)]
    [InlineData("""{"rules":[{"http":{"paths":[]}}]}""", "spec.rules[0].http.paths: Required value")]
    [InlineData("""{"rules":[{"http":{"paths":[{"path":"/","backend":WEB}]}}]}""", "spec.rules[0].http.paths[0].pathType: Required value: pathType must be specified")]
    [InlineData("""{"rules":[{"http":{"paths":[{"path":"/a","pathType":"Some","backend":WEB}]}}]}""", "spec.rules[0].http.paths[0].pathType: Unsupported value: \"Some\": supported values: \"Exact\", \"ImplementationSpecific\", \"Prefix\"")]
    [InlineData("""{"rules":[{"http":{"paths":[{"path":"a","pathType":"Prefix","backend":WEB}]}}]}""", "spec.rules[0].http.paths[0].path: Invalid value: \"a\": must be an absolute path")]
    [InlineData("""{"rules":[{"http":{"paths":[{"pathType":"ImplementationSpecific","backend":WEB}]}}]}""", "")]
    [InlineData("""{"rules":[{"http":{"paths":[{"path":"/a//b%2f/.","pathType":"Exact","backend":WEB}]}}]}""", "spec.rules[0].http.paths[0].path: Invalid value: \"/a//b%2f/.\": must not contain '//'|spec.rules[0].http.paths[0].path: Invalid value: \"/a//b%2f/.\": must not contain '%2f'|spec.rules[0].http.paths[0].path: Invalid value: \"/a//b%2f/.\": cannot end with '/.'")]
    [InlineData("""{"defaultBackend":WEB,"tls":[{"hosts":["*.example.com","A"],"secretName":"B"}]}""", "spec.tls[0].hosts[1]: Invalid value: \"A\": " + Subdomain + "|spec.tls[0].secretName: Invalid value: \"B\": " + Subdomain)]
    [InlineData("""{"defaultBackend":WEB,"ingressClassName":"C"}""", "spec.ingressClassName: Invalid value: \"C\": " + Subdomain)]
    public void An_ingress_is_checked(string spec, string expected) =>
        Assert.Equal(expected, string.Join('|', Errors(Version, "Ingress", $$"""{"spec":{{spec.Replace("WEB", Web, StringComparison.Ordinal)}}}""")));

    [Fact]
    public void The_class_of_an_ingress_is_not_said_twice_in_different_words()
    {
        const string ingress = """{"metadata":{"annotations":{"kubernetes.io/ingress.class":"a"}},"spec":{"ingressClassName":"b","defaultBackend":{"service":{"name":"web","port":{"number":80}}}}}""";
        Assert.Equal(["annotations.kubernetes.io/ingress.class: Invalid value: \"a\": must match `ingressClassName` when both are specified"], Errors(Version, "Ingress", ingress));
        Assert.Empty(Changes(Version, "Ingress", ingress, ingress));
        Assert.Equal(["annotation \"kubernetes.io/ingress.class\" is deprecated, please use 'spec.ingressClassName' instead"], Warnings(Version, "Ingress", ingress));
        Assert.Empty(Warnings(Version, "Ingress", ingress, old: ingress));
    }

    [Fact]
    public void An_ingress_keeps_what_older_rules_let_in()
    {
        const string old = """{"spec":{"rules":[{"host":"*.a.example","http":{"paths":[]}}],"tls":[{"secretName":"S"}]}}""";
        Assert.Equal(2, Errors(Version, "Ingress", old).Length);
        Assert.Empty(Changes(Version, "Ingress", old, old));
    }

    [Fact]
    public void The_status_of_an_ingress_names_addresses_that_all_read_alike()
    {
        const string old = """{"status":{"loadBalancer":{"ingress":[{"ip":"010.0.0.1"}]}}}""";
        Assert.Empty(Changes(Version, "Ingress", old, old, "status"));
        Assert.Equal(["status.loadBalancer.ingress[0].ip: Invalid value: \"010.0.0.2\": must not have leading 0s", "status.loadBalancer.ingress[1].hostname: Invalid value: \"10.0.0.1\": must be a DNS name, not an IP address"],
            Changes(Version, "Ingress", old, """{"status":{"loadBalancer":{"ingress":[{"ip":"010.0.0.2"},{"hostname":"10.0.0.1"}]}}}""", "status"));
    }

    [Theory]
    [InlineData("""{"controller":"example.com/ingress"}""", "")]
    [InlineData("""{"controller":"example.com/a","parameters":{"kind":"K","name":"n"}}""", "")]
    [InlineData("""{}""", "spec.controller: Required value")]
    [InlineData("""{"controller":"ingress"}""", "spec.controller: Invalid value: \"ingress\": must be a domain-prefixed path (such as \"acme.io/foo\")")]
    [InlineData("""{"controller":"example.com/a","parameters":{"kind":"K","name":"n","scope":"All"}}""", "spec.parameters.scope: Unsupported value: \"All\": supported values: \"Cluster\", \"Namespace\"")]
    [InlineData("""{"controller":"example.com/a","parameters":{"kind":"K","name":"n","scope":"Namespace"}}""", "spec.parameters.namespace: Required value: `parameters.scope` is set to 'Namespace'")]
    [InlineData("""{"controller":"example.com/a","parameters":{"kind":"","name":"","namespace":"n"}}""", "spec.parameters.kind: Required value|spec.parameters.name: Required value|spec.parameters.namespace: Forbidden: `parameters.scope` is set to 'Cluster'")]
    public void A_class_of_ingresses_is_checked(string spec, string expected) => Assert.Equal(expected, string.Join('|', Errors(Version, "IngressClass", $$"""{"spec":{{spec}}}""")));

    [Fact]
    public void The_controller_of_a_class_stays()
    {
        Assert.Equal(["spec.controller: Invalid value: \"b.example/b\": " + Fixed],
            Changes(Version, "IngressClass", """{"spec":{"controller":"a.example/a"}}""", """{"spec":{"controller":"b.example/b"}}"""));
    }

    [Theory]
    [InlineData("192.168.0.1", "")]
    [InlineData("2001:db8::1", "")]
    [InlineData("2001:0db8::1", "must be in canonical form (\"2001:db8::1\")")]
    [InlineData("192.168.0", "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)")]
    public void The_name_of_an_address_is_the_address(string name, string expected) =>
        Assert.Equal(expected, string.Join('|', GeneratedKinds.All.Single(k => k.Kind == "IPAddress").Rules.NameProblems(name, isPrefix: false)));

    [Theory]
    [InlineData("""{"parentRef":{"resource":"services","name":"s","namespace":"n"}}""", "")]
    [InlineData("""{}""", "spec.parentRef: Required value")]
    [InlineData("""{"parentRef":{"group":"G","name":"a%"}}""", "spec.parentRef.group: Invalid value: \"G\": " + Subdomain + "|spec.parentRef.resource: Required value|spec.parentRef.name: Invalid value: \"a%\": may not contain '%'")]
    public void An_address_says_who_has_it(string spec, string expected) => Assert.Equal(expected, string.Join('|', Errors(Version, "IPAddress", $$"""{"spec":{{spec}}}""")));

    [Fact]
    public void Who_has_an_address_stays() =>
        Assert.Equal(["spec.parentRef: Invalid value: {\"Group\":\"\",\"Resource\":\"services\",\"Namespace\":\"n\",\"Name\":\"t\"}: " + Fixed],
            Changes(Version, "IPAddress", """{"spec":{"parentRef":{"resource":"services","name":"s","namespace":"n"}}}""", """{"spec":{"parentRef":{"resource":"services","name":"t","namespace":"n"}}}"""));

    [Theory]
    [InlineData("""["10.0.0.0/24","fd00::/64"]""", "")]
    [InlineData("""[]""", "spec.cidrs: Required value: at least one CIDR required")]
    [InlineData("""["10.0.0.0/24","10.1.0.0/24"]""", "spec.cidrs: Invalid value: [\"10.0.0.0/24\",\"10.1.0.0/24\"]: may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64")]
    [InlineData("""["a","b","c"]""", "spec.cidrs: Invalid value: {\"CIDRs\":[\"a\",\"b\",\"c\"]}: may only hold up to 2 values")]
    [InlineData("""["10.0.0.1/24"]""", "spec.cidrs[0]: Invalid value: \"10.0.0.1/24\": must not have bits set beyond the prefix length")]
    public void Ranges_of_services_are_checked(string ranges, string expected) =>
        Assert.Equal(expected, string.Join('|', Errors(Version, "ServiceCIDR", $$$"""{"spec":{"cidrs":{{{ranges}}}}}""")));

    [Theory]
    [InlineData("""["10.0.0.0/24"]""", """["10.0.0.0/24","fd00::/64"]""", "")]
    [InlineData("""["10.0.0.0/24"]""", """["10.1.0.0/24"]""", "spec.cidrs[0]: Invalid value: \"10.1.0.0/24\": " + Fixed)]
    [InlineData("""["10.0.0.0/24"]""", """["10.1.0.0/24","fd00::/64"]""", "spec.cidrs[0]: Invalid value: \"10.1.0.0/24\": " + Fixed)]
    [InlineData("""["10.0.0.0/24","fd00::/64"]""", """["10.0.0.0/24"]""", "spec.cidrs: Invalid value: [\"10.0.0.0/24\"]: " + Fixed)]
    public void A_second_range_may_be_added_and_nothing_else(string old, string ranges, string expected) =>
        Assert.Equal(expected, string.Join('|', Changes(Version, "ServiceCIDR", $$$"""{"spec":{"cidrs":{{{old}}}}}""", $$$"""{"spec":{"cidrs":{{{ranges}}}}}""")));

    [Theory]
    [InlineData("NetworkPolicy", "Name:str/name Pod-Selector:str Age:str", """{"spec":{"podSelector":{"matchLabels":{"b":"2","a":"1"}}}}""", "x|a=1,b=2|2d")]
    [InlineData("NetworkPolicy", "Name:str/name Pod-Selector:str Age:str", """{"spec":{"podSelector":{}}}""", "x|<none>|2d")]
    [InlineData("Ingress", "Name:str/name Class:str Hosts:str Address:str Ports:str Age:str", """{"spec":{}}""", "x|<none>|*||80|2d")]
    [InlineData("Ingress", "Name:str/name Class:str Hosts:str Address:str Ports:str Age:str", """{"spec":{"ingressClassName":"c","tls":[{}],"rules":[{"host":"a"},{"host":"b"},{},{"host":"c"},{"host":"d"}]},"status":{"loadBalancer":{"ingress":[{"hostname":"lb"},{"ip":"1.1.1.1"}]}}}""", "x|c|a,b,c + 1 more...|1.1.1.1,lb|80, 443|2d")]
    [InlineData("IngressClass", "Name:str/name Controller:str Parameters:str Age:str", """{"spec":{"controller":"a.b/c","parameters":{"apiGroup":"g","kind":"K","name":"n"}}}""", "x|a.b/c|K.g/n|2d")]
    [InlineData("IngressClass", "Name:str/name Controller:str Parameters:str Age:str", """{"spec":{"controller":"a.b/c"}}""", "x|a.b/c|<none>|2d")]
    [InlineData("IPAddress", "Name:str/name ParentRef:str Age:str", """{"spec":{"parentRef":{"resource":"services","namespace":"n","name":"s"}}}""", "x|services/n/s|2d")]
    [InlineData("ServiceCIDR", "Name:str/name CIDRs:str Age:str", """{"spec":{"cidrs":["10.0.0.0/24","fd00::/64"]}}""", "x|10.0.0.0/24,fd00::/64|2d")]
    public void Rows_are_upstreams(string kind, string heading, string json, string row)
    {
        Assert.Equal(heading, Row.Heading(Version, kind));
        Assert.Equal(row, Row.Of(Version, kind, json));
    }
}
