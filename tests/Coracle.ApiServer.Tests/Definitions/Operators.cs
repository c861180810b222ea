using System.Text.Json.Nodes;
using static Coracle.ApiServer.Tests.Definitions.Shape;

namespace Coracle.ApiServer.Tests.Definitions;

/// <summary>A definition as an operator ships it, an object that it accepts, and changes that make it bad with what is said of each.</summary>
internal sealed record OperatorDefinition(JsonObject Definition, string Version, string Good, params (string Path, string? Value, string Says)[] Bad)
{
    public string Group => (string)Definition["spec"]!["group"]!;
    public string Plural => (string)Definition["spec"]!["names"]!["plural"]!;
    public string Kind => (string)Definition["spec"]!["names"]!["kind"]!;
    public string Name => $"{Plural}.{Group}";
}

/// <summary>Definitions shaped like those that people install: certificates, monitoring, routes, clusters, workflows, compositions.</summary>
internal static class Operators
{
    public static IReadOnlyDictionary<string, Func<OperatorDefinition>> All { get; } = new Dictionary<string, Func<OperatorDefinition>>
    {
        ["certificates"] = Certificates, ["issuers"] = Issuers, ["monitors"] = Monitors, ["routes"] = Routes, ["clusters"] = Clusters, ["workflows"] = Workflows, ["compositions"] = Compositions,
    };

    private static JsonObject Definition(string plural, string kind, string group, JsonObject[] versions, JsonObject? conversion = null)
    {
        var spec = new JsonObject
        {
            ["group"] = group, ["scope"] = "Namespaced",
            ["names"] = new JsonObject { ["plural"] = plural, ["singular"] = kind.ToLowerInvariant(), ["kind"] = kind, ["listKind"] = kind + "List", ["categories"] = new JsonArray(group.Split('.')[0]), ["shortNames"] = new JsonArray(plural[..4]) },
            ["versions"] = new JsonArray([.. versions]),
        };
        if (conversion is not null) spec["conversion"] = conversion;
        return new()
        {
            ["apiVersion"] = "apiextensions.k8s.io/v1", ["kind"] = "CustomResourceDefinition",
            ["metadata"] = new JsonObject { ["name"] = $"{plural}.{group}", ["annotations"] = new JsonObject { ["controller-gen.kubebuilder.io/version"] = "v0.19.0" }, ["labels"] = new JsonObject { ["app.kubernetes.io/part-of"] = group } },
            ["spec"] = spec,
        };
    }

    private static JsonObject Version(string name, bool storage, JsonObject spec, JsonObject status, string[]? columns = null, bool served = true, string? deprecated = null)
    {
        var root = Fields(("spec!", spec), ("status", status));
        var properties = (JsonObject)root["properties"]!;
        properties["apiVersion"] = new JsonObject { ["type"] = "string", ["description"] = "Which version of the schema this is." };
        properties["kind"] = new JsonObject { ["type"] = "string", ["description"] = "What this is." };
        properties["metadata"] = new JsonObject { ["type"] = "object" };
        var version = new JsonObject
        {
            ["name"] = name, ["served"] = served, ["storage"] = storage, ["schema"] = new JsonObject { ["openAPIV3Schema"] = root }, ["subresources"] = new JsonObject { ["status"] = new JsonObject() },
            ["additionalPrinterColumns"] = new JsonArray([.. (columns ?? []).Select(c => (JsonNode)new JsonObject { ["name"] = c.Split('=')[0], ["type"] = "string", ["jsonPath"] = c[(c.IndexOf('=', StringComparison.Ordinal) + 1)..] }), new JsonObject { ["name"] = "Age", ["type"] = "date", ["jsonPath"] = ".metadata.creationTimestamp" }]),
        };
        if (deprecated is not null) (version["deprecated"], version["deprecationWarning"]) = (true, deprecated);
        return version;
    }

    private const string ReadyColumn = "Ready=.status.conditions[?(@.type==\"Ready\")].status";

    private static OperatorDefinition Certificates() => new(Definition("certificates", "Certificate", "keys.example.com",
    [
        Version("v1", true, Fields(
            ("secretName!", Text(253, min: 1)), ("commonName", Text(64)), ("duration", Duration), ("renewBefore", Duration), ("dnsNames", Texts()), ("ipAddresses", Texts()), ("uris", Texts()), ("emailAddresses", Texts()),
            ("otherNames", List(Fields(("oid", Text()), ("utf8Value", Text())))), ("isCA", Flag), ("revisionHistoryLimit", Number(1)), ("encodeUsagesInRequest", Flag),
            ("usages", List(Text(oneOf: ["signing", "digital signature", "key encipherment", "server auth", "client auth", "code signing"]))),
            ("issuerRef!", Fields(("name!", Text()), ("kind", Text(given: "Issuer")), ("group", Text()))),
            ("privateKey", Fields(("algorithm", Text(oneOf: ["RSA", "ECDSA", "Ed25519"])), ("encoding", Text(oneOf: ["PKCS1", "PKCS8"])), ("size", Number()), ("rotationPolicy", Text(given: "Always", oneOf: ["Never", "Always"])))
                .Ruled(("!has(self.size) || !has(self.algorithm) || self.algorithm != 'RSA' || self.size >= 2048", "keys of RSA have at least 2048 bits"))),
            ("keystores", Fields(("jks", Fields(("create!", Flag), ("alias", Text(250)), ("passwordSecretRef", KeyOf("a")))), ("pkcs12", Fields(("create!", Flag), ("profile", Text(oneOf: ["LegacyRC2", "Modern2023"])), ("passwordSecretRef", KeyOf("a")))))),
            ("subject", Fields(("organizations", Texts()), ("countries", Texts()), ("localities", Texts()), ("provinces", Texts()), ("serialNumber", Text()))),
            ("nameConstraints", Fields(("critical", Flag), ("permitted", Fields(("dnsDomains", Texts()), ("ipRanges", Texts()))), ("excluded", Fields(("dnsDomains", Texts()), ("ipRanges", Texts()))))),
            ("additionalOutputFormats", List(Fields(("type!", Text(oneOf: ["DER", "CombinedPEM"]))))), ("secretTemplate", Fields(("annotations", Map(Text())), ("labels", Map(Text()))))),
            Fields(("conditions", Conditions), ("notAfter", Time), ("notBefore", Time), ("renewalTime", Time), ("revision", Number()), ("lastFailureTime", Time)), [ReadyColumn, "Secret=.spec.secretName", "Issuer=.spec.issuerRef.name"]),
    ]), "v1", """{"secretName":"s","dnsNames":["a.example.com"],"issuerRef":{"name":"i"},"privateKey":{"algorithm":"RSA","size":4096},"usages":["server auth"]}""",
        ("secretName", null, "spec.secretName: Required value"), ("privateKey.size", "1024", "spec.privateKey: Invalid value: keys of RSA have at least 2048 bits"),
        ("usages.0", "\"flying\"", "spec.usages[0]: Unsupported value: \"flying\""));

    private static JsonObject Solver => Fields(
        ("selector", Fields(("matchLabels", Map(Text())), ("dnsNames", Texts()), ("dnsZones", Texts()))),
        ("http01", Fields(("ingress", Fields(("class", Text()), ("ingressClassName", Text()), ("serviceType", Text()), ("podTemplate", Fields(("metadata", Fields(("labels", Map(Text())), ("annotations", Map(Text())))), ("spec", Pod))))),
            ("gatewayHTTPRoute", Fields(("labels", Map(Text())), ("parentRefs", List(Fields(("name!", Text(253)), ("namespace", Text(63)), ("sectionName", Text(253)), ("port", Number(1, 65535))))))))),
        ("dns01", Fields(("cnameStrategy", Text(oneOf: ["None", "Follow"])), ("cloud", Fields(("project!", Text()), ("hostedZoneName", Text()), ("serviceAccountSecretRef", KeyOf("a")))),
            ("route", Fields(("region", Text()), ("role", Text()), ("accessKeyID", Text()), ("secretAccessKeySecretRef", KeyOf("a")))), ("webhook", Fields(("groupName!", Text()), ("solverName!", Text()), ("config", Anything))),
            ("rfc2136", Fields(("nameserver!", Text()), ("tsigAlgorithm", Text()), ("tsigSecretSecretRef", KeyOf("a")))))));

    private static OperatorDefinition Issuers() => new(Definition("issuers", "Issuer", "keys.example.com",
    [
        Version("v1", true, Fields(
            ("acme", Fields(("server!", Text()), ("email", Text()), ("preferredChain", Text(64)), ("skipTLSVerify", Flag), ("caBundle", new JsonObject { ["type"] = "string", ["format"] = "byte" }), ("privateKeySecretRef!", KeyOf("a")),
                ("externalAccountBinding", Fields(("keyID!", Text()), ("keySecretRef!", KeyOf("a")))), ("solvers", List(Solver)))),
            ("ca", Fields(("secretName!", Text()), ("crlDistributionPoints", Texts()), ("ocspServers", Texts()))), ("selfSigned", Fields(("crlDistributionPoints", Texts()))),
            ("vault", Fields(("server!", Text()), ("path!", Text()), ("namespace", Text()), ("auth!", Fields(("tokenSecretRef", KeyOf("a")), ("appRole", Fields(("path!", Text()), ("roleId!", Text()), ("secretRef!", KeyOf("a")))), ("kubernetes", Fields(("role!", Text()), ("mountPath", Text())))))))),
            Fields(("conditions", Conditions), ("acme", Fields(("uri", Text()), ("lastRegisteredEmail", Text())))), [ReadyColumn]),
    ]), "v1", """{"acme":{"server":"https://acme.example.com","privateKeySecretRef":{"key":"k"},"solvers":[{"http01":{"ingress":{"podTemplate":{"spec":{"containers":[{"name":"a"}]}}}}}]}}""",
        ("acme.server", null, "spec.acme.server: Required value"), ("acme.caBundle", "\"***\"", "spec.acme.caBundle: Invalid value"));

    private static OperatorDefinition Monitors() => new(Definition("prometheuses", "Prometheus", "watching.example.com",
    [
        Version("v1", true, Fields(
            ("replicas", Number(0)), ("shards", Number(0)), ("version", Text()), ("retention", Text(pattern: "^(0|(([0-9]+)y)?(([0-9]+)w)?(([0-9]+)d)?(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$")), ("retentionSize", Text(pattern: "(^0|([0-9]*[.])?[0-9]+((K|M|G|T|E|P)i?)?B)$")),
            ("scrapeInterval", Text(given: "30s", pattern: "^(0|(([0-9]+)h)?(([0-9]+)m)?(([0-9]+)s)?(([0-9]+)ms)?)$")), ("serviceMonitorSelector", Selector), ("podMonitorSelector", Selector), ("ruleSelector", Selector), ("probeSelector", Selector), ("scrapeConfigSelector", Selector),
            ("serviceMonitorNamespaceSelector", Selector), ("podMonitorNamespaceSelector", Selector), ("resources", Resources), ("storage", Fields(("emptyDir", Fields(("medium", Text()), ("sizeLimit", Quantity))),
                ("volumeClaimTemplate", Fields(("apiVersion", Text()), ("kind", Text()), ("metadata", Fields(("name", Text()), ("labels", Map(Text())), ("annotations", Map(Text())))), ("spec", Fields(("accessModes", Texts()), ("storageClassName", Text()), ("resources", Resources), ("selector", Selector))))))),
            ("alerting", Fields(("alertmanagers!", List(Fields(("name!", Text(min: 1)), ("namespace", Text(min: 1)), ("port!", Port), ("scheme", Text(oneOf: ["http", "https"])), ("pathPrefix", Text()), ("bearerTokenFile", Text()), ("tlsConfig", Tls)))))),
            ("remoteWrite", List(Fields(("url!", Text(min: 1)), ("name", Text()), ("headers", Map(Text())), ("basicAuth", Fields(("username", KeyOf("a")), ("password", KeyOf("a")))), ("tlsConfig", Tls), ("writeRelabelConfigs", Relabel),
                ("queueConfig", Fields(("capacity", Number()), ("maxShards", Number()), ("minShards", Number()), ("batchSendDeadline", Duration)))))),
            ("additionalScrapeConfigs", KeyOf("a")), ("externalLabels", Map(Text())), ("enableFeatures", List(Text(min: 1), null, null, "set")), ("podMetadata", Fields(("labels", Map(Text())), ("annotations", Map(Text())))),
            ("hostAliases", List(Fields(("ip!", Text()), ("hostnames!", Texts())), null, null, "map", "ip")), ("walCompression", Flag),
            ("containers", List(Container)), ("initContainers", List(Container)), ("volumes", List(Volume)), ("affinity", Affinity)),
            Fields(("conditions", Conditions), ("replicas", Number()), ("paused", Flag), ("shardStatuses", List(Fields(("shardID!", Text()), ("replicas!", Number())), null, null, "map", "shardID"))), ["Version=.spec.version"]),
    ]), "v1", """{"replicas":2,"retention":"15d","alerting":{"alertmanagers":[{"name":"a","port":"web"}]},"enableFeatures":["a","b"],"containers":[{"name":"x","ports":[{"containerPort":1}]}],"resources":{"limits":{"cpu":1,"memory":"1Gi"}}}""",
        ("retention", "\"never\"", "spec.retention: Invalid value: \"never\""), ("enableFeatures.1", "\"a\"", "spec.enableFeatures[1]: Duplicate value: \"a\""),
        ("resources.limits.memory", "\"much\"", "spec.resources.limits.memory: Invalid value: \"much\""), ("containers.0.name", null, "spec.containers[0].name: Required value"));

    private static JsonObject Tls => Fields(("ca", Fields(("secret", KeyOf("a")), ("configMap", KeyOf("a")))), ("cert", Fields(("secret", KeyOf("a")), ("configMap", KeyOf("a")))), ("keySecret", KeyOf("a")), ("serverName", Text()), ("insecureSkipVerify", Flag), ("minVersion", Text(oneOf: ["TLS10", "TLS11", "TLS12", "TLS13"])));

    private static JsonObject Relabel => List(Fields(("sourceLabels", List(Text(pattern: "^[a-zA-Z_][a-zA-Z0-9_]*$"))), ("separator", Text()), ("targetLabel", Text()), ("regex", Text()), ("modulus", Number(format: "int64")), ("replacement", Text()),
        ("action", Text(given: "replace", oneOf: ["replace", "keep", "drop", "hashmod", "labelmap", "labeldrop", "labelkeep", "lowercase", "uppercase"]))));

    private static JsonObject Headers => List(Fields(("name!", Text(256, "^[A-Za-z0-9!#$%&'*+\\-.^_\\x60|~]+$", 1)), ("value!", Text(4096, min: 1))), 16, null, "map", "name");

    private static JsonObject Backend => Fields(("group", Text(253, given: "")), ("kind", Text(63, "^[a-zA-Z]([-a-zA-Z0-9]*[a-zA-Z0-9])?$", 1, "Service")), ("name!", Text(253, min: 1)), ("namespace", Text(63, "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$", 1)), ("port", Number(1, 65535)), ("weight", Number(0, 1_000_000, 1)))
        .Ruled(("(size(self.group) == 0 && self.kind == 'Service') ? has(self.port) : true", "a service is referred to with its port"));

    private static JsonObject Filter => Fields(("type!", Text(oneOf: ["HeaderModifier", "Mirror", "Redirect", "Rewrite"])),
        ("header", Fields(("set", Headers), ("add", Headers), ("remove", List(Text(), 16, null, "set")))), ("mirror", Fields(("backendRef!", Backend), ("percent", Number(0, 100)), ("fraction", Fields(("numerator!", Number(0)), ("denominator", Number(1, given: 100))).Ruled(("self.numerator <= self.denominator", "a part is not more than the whole"))))
            .Ruled(("!(has(self.percent) && has(self.fraction))", "percent and fraction exclude each other"))),
        ("redirect", Fields(("hostname", Text(253)), ("scheme", Text(oneOf: ["http", "https"])), ("statusCode", Number(301, 308, 302)), ("path", PathModifier))), ("rewrite", Fields(("hostname", Text(253)), ("path", PathModifier))))
        .Ruled(("!(has(self.header) && self.type != 'HeaderModifier')", "header is for filters of type HeaderModifier"), ("!(!has(self.header) && self.type == 'HeaderModifier')", "header must be given for HeaderModifier"),
            ("!(has(self.mirror) && self.type != 'Mirror')", "mirror is for filters of type Mirror"), ("!(!has(self.mirror) && self.type == 'Mirror')", "mirror must be given for Mirror"),
            ("!(has(self.redirect) && self.type != 'Redirect')", "redirect is for filters of type Redirect"), ("!(has(self.rewrite) && self.type != 'Rewrite')", "rewrite is for filters of type Rewrite"));

    private static JsonObject PathModifier => Fields(("type!", Text(oneOf: ["Full", "Prefix"])), ("full", Text(1024)), ("prefix", Text(1024)))
        .Ruled(("self.type == 'Full' ? has(self.full) : true", "full must be given for Full"), ("self.type == 'Prefix' ? has(self.prefix) : true", "prefix must be given for Prefix"));

    private static JsonObject Match => Fields(
        ("path", Given(Fields(("type", Text(given: "Prefix", oneOf: ["Exact", "Prefix", "Regex"])), ("value", Text(1024, given: "/")))
            .Ruled(("(self.type in ['Exact','Prefix']) ? self.value.startsWith('/') : true", "a path begins with a slash"), ("(self.type in ['Exact','Prefix']) ? !self.value.contains('//') : true", "a path has no two slashes in a row"),
                ("(self.type in ['Exact','Prefix']) ? !self.value.contains('/../') : true", "a path does not go up"), ("(self.type in ['Exact','Prefix']) ? !self.value.endsWith('/..') : true", "a path does not end with going up"),
                ("(self.type in ['Exact','Prefix']) ? self.value.matches(r\"\"\"^(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|[%][0-9a-fA-F]{2})+$\"\"\") : true", "a path has only characters that paths have")), """{"type":"Prefix","value":"/"}""")),
        ("headers", List(Fields(("type", Text(given: "Exact", oneOf: ["Exact", "Regex"])), ("name!", Text(256, min: 1)), ("value!", Text(4096, min: 1))), 16, null, "map", "name")),
        ("queryParams", List(Fields(("type", Text(given: "Exact", oneOf: ["Exact", "Regex"])), ("name!", Text(256, min: 1)), ("value!", Text(1024, min: 1))), 16, null, "map", "name")), ("method", Text(oneOf: ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH"])));

    private static JsonObject Given(JsonObject schema, string value)
    {
        schema["default"] = JsonNode.Parse(value);
        return schema;
    }

    private static JsonObject Route => Fields(
        ("parentRefs", List(Fields(("group", Text(253, given: "gates.example.com")), ("kind", Text(63, given: "Gate")), ("name!", Text(253, min: 1)), ("namespace", Text(63)), ("sectionName", Text(253)), ("port", Number(1, 65535))), 32)
            .Ruled(("self.all(l, self.exists_one(p, p.group == l.group && p.kind == l.kind && p.name == l.name && (has(p.sectionName) ? p.sectionName : '') == (has(l.sectionName) ? l.sectionName : '')))", "a parent is named once for each section"))),
        ("hostnames", List(Text(253, "^(\\*\\.)?[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$", 1), 16)),
        ("rules", List(Fields(("name", Text(253)), ("matches", Given(List(Match, 64), """[{"path":{"type":"Prefix","value":"/"}}]""")), ("filters", List(Filter, 16).Ruled(("!(self.exists(f, f.type == 'Redirect') && self.exists(f, f.type == 'Rewrite'))", "a request is redirected or rewritten"),
                ("self.filter(f, f.type == 'HeaderModifier').size() <= 1", "HeaderModifier comes once"), ("self.filter(f, f.type == 'Redirect').size() <= 1", "Redirect comes once"))),
                ("backendRefs", List(WithFilters(Backend), 16)), ("timeouts", Fields(("request", Duration), ("backend", Duration))
                    .Ruled(("!(has(self.request) && has(self.backend) && duration(self.request) != duration('0s') && duration(self.backend) > duration(self.request))", "a backend has no more time than the request"))),
                ("retry", Fields(("attempts", Number()), ("backoff", Duration), ("codes", List(Number(400, 599), 16, null, "atomic")))))
            .Ruled(("(has(self.backendRefs) && size(self.backendRefs) > 0) ? (!has(self.filters) || self.filters.all(f, !has(f.redirect))) : true", "what is redirected has no backend"),
                ("(has(self.filters) && self.filters.exists_one(f, has(f.redirect) && has(f.redirect.path) && f.redirect.path.type == 'Prefix')) ? ((size(self.matches) != 1 || !has(self.matches[0].path) || self.matches[0].path.type != 'Prefix') ? false : true) : true", "a prefix is replaced where a prefix matched")), 16, 1)
            .Ruled(("(self.size() > 0 ? self[0].matches.size() : 0) + (self.size() > 1 ? self[1].matches.size() : 0) + (self.size() > 2 ? self[2].matches.size() : 0) <= 128", "there are at most 128 matches"),
                ("self.all(l1, !has(l1.name) || self.exists_one(l2, has(l2.name) && l1.name == l2.name))", "rules have names of their own"))));

    private static JsonObject WithFilters(JsonObject backend)
    {
        backend["properties"]!["filters"] = List(Filter, 16);
        return backend;
    }

    private static JsonObject RouteStatus => Fields(("parents!", List(Fields(("parentRef!", Fields(("name!", Text(253)), ("sectionName", Text(253)))), ("controllerName!", Text(253, "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/[A-Za-z0-9/\\-._~%!$&'()*+,;=:]+$", 1)), ("conditions", Conditions)), 32)));

    private static OperatorDefinition Routes() => new(Definition("httproutes", "HTTPRoute", "gates.example.com",
    [
        Version("v1", true, Route, RouteStatus, ["Hostnames=.spec.hostnames"]), Version("v1beta1", false, Route, RouteStatus, ["Hostnames=.spec.hostnames"]),
    ]), "v1", """{"hostnames":["a.example.com"],"parentRefs":[{"name":"g"},{"name":"h"}],"rules":[{"matches":[{"path":{"type":"Exact","value":"/a"}}],"filters":[{"type":"HeaderModifier","header":{"set":[{"name":"X-A","value":"1"}]}}],"backendRefs":[{"name":"s","port":80}],"timeouts":{"request":"10s","backend":"5s"}}]}""",
        ("rules.0.matches.0.path.value", "\"a\"", "spec.rules[0].matches[0].path: Invalid value: a path begins with a slash"), ("rules.0.backendRefs.0.port", null, "spec.rules[0].backendRefs[0]: Invalid value: a service is referred to with its port"),
        ("rules.0.timeouts.backend", "\"20s\"", "spec.rules[0].timeouts: Invalid value: a backend has no more time than the request"), ("parentRefs.1.name", "\"g\"", "spec.parentRefs: Invalid value: a parent is named once for each section"),
        ("rules.0.filters.0.type", "\"Mirror\"", "spec.rules[0].filters[0]: Invalid value: header is for filters of type HeaderModifier"), ("hostnames.0", "\"A\"", "spec.hostnames[0]: Invalid value: \"A\""));

    private static JsonObject Topology => Fields(("class!", Text(253)), ("version!", Text(256, min: 1)), ("rolloutAfter", Time),
        ("controlPlane", Fields(("metadata", Fields(("labels", Map(Text())), ("annotations", Map(Text())))), ("replicas", Number()), ("nodeDrainTimeout", Text()), ("machineHealthCheck", Health), ("variables", Fields(("overrides", Variables))))),
        ("workers", Fields(("machineDeployments", List(Fields(("name!", Text(63, min: 1)), ("class!", Text(256)), ("replicas", Number()), ("failureDomain", Text()), ("machineHealthCheck", Health), ("variables", Fields(("overrides", Variables))),
            ("strategy", Fields(("type", Text(oneOf: ["RollingUpdate", "OnDelete"])), ("rollingUpdate", Fields(("maxSurge", Port), ("maxUnavailable", Port)))))), 2000, null, "map", "name")))), ("variables", Variables));

    private static JsonObject Health => Fields(("enable", Flag), ("maxUnhealthy", Port), ("nodeStartupTimeout", Text()), ("unhealthyConditions", List(Fields(("type!", Text(min: 1)), ("status!", Text(min: 1)), ("timeout!", Text())), 100)), ("unhealthyRange", Text(pattern: "^\\[[0-9]+-[0-9]+\\]$")));
    private static JsonObject Variables => List(Fields(("name!", Text(256, min: 1)), ("value!", Anything), ("definitionFrom", Text())), 1000, null, "map", "name");
    private static JsonObject Reference => Fields(("apiVersion", Text()), ("kind", Text()), ("name", Text()), ("namespace", Text()), ("fieldPath", Text()), ("resourceVersion", Text()), ("uid", Text()));

    private static JsonObject Cluster(bool isOld) => Fields(("paused", Flag), (isOld ? "controlPlaneRef" : "controlPlane", isOld ? Reference : Fields(("ref", Reference))), ("infrastructureRef", Reference), ("topology", Topology),
        ("clusterNetwork", Fields(("apiServerPort", Number(1, 65535)), ("serviceDomain", Text(253, min: 1)), ("pods", Fields(("cidrBlocks!", Texts(100, 43)))), ("services", Fields(("cidrBlocks!", Texts(100, 43)))))),
        ("controlPlaneEndpoint", Fields(("host!", Text(512)), ("port!", Number(0, 65535)))), ("availabilityGates", List(Fields(("conditionType!", Text(316, min: 1)), ("polarity", Text(oneOf: ["Positive", "Negative"]))), 32, 1, "map", "conditionType")));

    private static JsonObject ClusterStatus => Fields(("phase", Text()), ("conditions", Conditions), ("observedGeneration", Number(format: "int64")), ("failureDomains", Map(Fields(("controlPlane", Flag), ("attributes", Map(Text()))))));

    private static OperatorDefinition Clusters() => new(Definition("clusters", "Cluster", "fleet.example.com",
    [
        Version("v1alpha4", false, Cluster(isOld: true), ClusterStatus, served: false), Version("v1beta1", false, Cluster(isOld: true), ClusterStatus, ["Phase=.status.phase"], deprecated: "use v1beta2"),
        Version("v1beta2", true, Cluster(isOld: false).Ruled(("!has(oldSelf.topology) || has(self.topology)", "a topology stays")), ClusterStatus, ["Phase=.status.phase", "Version=.spec.topology.version"]),
    ], new JsonObject
    {
        ["strategy"] = "Webhook",
        ["webhook"] = new JsonObject { ["conversionReviewVersions"] = new JsonArray("v1"), ["clientConfig"] = new JsonObject { ["service"] = new JsonObject { ["namespace"] = "default", ["name"] = "fleet-webhook", ["path"] = "/convert", ["port"] = 443 } } },
    }), "v1beta2", """{"controlPlane":{"ref":{"kind":"K"}},"clusterNetwork":{"pods":{"cidrBlocks":["10.0.0.0/8"]}},"topology":{"class":"c","version":"v1.36.0","variables":[{"name":"a","value":{"any":["thing",1]}}],"workers":{"machineDeployments":[{"name":"m","class":"d","replicas":2}]}}}""",
        ("topology.class", null, "spec.topology.class: Required value"), ("topology.workers.machineDeployments.0.strategy", """{"type":"Never"}""", "spec.topology.workers.machineDeployments[0].strategy.type: Unsupported value: \"Never\""),
        ("clusterNetwork.apiServerPort", "70000", "spec.clusterNetwork.apiServerPort: Invalid value: 70000"));

    private static JsonObject Artifacts => List(Fields(("name!", Text()), ("path", Text()), ("from", Text()), ("optional", Flag), ("archive", Fields(("none", AnyObject), ("tar", Fields(("compressionLevel", Number()))))),
        ("s3", Fields(("bucket", Text()), ("key", Text()), ("endpoint", Text()), ("accessKeySecret", KeyOf("a")))), ("git", Fields(("repo!", Text()), ("revision", Text()), ("depth", Number(format: "int64")))), ("raw", Fields(("data!", Text()))), ("http", Fields(("url!", Text()), ("headers", List(Fields(("name!", Text()), ("value!", Text()))))))));

    private static JsonObject Arguments => Fields(("parameters", List(Fields(("name!", Text()), ("value", new JsonObject { ["x-kubernetes-int-or-string"] = true }), ("default", Text()), ("enum", Texts()), ("valueFrom", Fields(("path", Text()), ("jsonPath", Text()), ("expression", Text()), ("configMapKeyRef", KeyOf("a"))))))), ("artifacts", Artifacts));

    private static JsonObject Step => Fields(("name", Text()), ("template", Text()), ("when", Text()), ("arguments", Arguments), ("withItems", List(Anything)), ("withParam", Text()), ("inline", AnyObject), ("dependencies", Texts()), ("hooks", Map(Fields(("template", Text()), ("expression", Text()), ("arguments", Arguments)))));

    private static OperatorDefinition Workflows() => new(Definition("workflows", "Workflow", "flows.example.com",
    [
        Version("v1alpha1", true, Fields(("entrypoint", Text()), ("arguments", Arguments), ("serviceAccountName", Text()), ("parallelism", Number(format: "int64")), ("suspend", Flag), ("ttlStrategy", Fields(("secondsAfterCompletion", Number()))), ("affinity", Affinity), ("volumes", List(Volume)),
            ("templates", List(Fields(("name", Text()), ("inputs", Arguments), ("outputs", Arguments), ("container", Container), ("script", AnyObject), ("initContainers", List(Container)), ("sidecars", List(Container)), ("steps", List(new JsonObject { ["type"] = "array", ["items"] = Step })),
                ("dag", Fields(("tasks!", List(Step)), ("failFast", Flag), ("target", Text()))), ("retryStrategy", Fields(("limit", Port), ("retryPolicy", Text()), ("backoff", Fields(("duration", Text()), ("factor", Port))))), ("suspend", Fields(("duration", Text()))), ("plugin", AnyObject),
                ("podSpecPatch", Text()), ("resource", Fields(("action!", Text()), ("manifest", Text()), ("mergeStrategy", Text())))))), ("onExit", Text()), ("podGC", Fields(("strategy", Text()), ("labelSelector", Selector))), ("workflowTemplateRef", Fields(("name", Text()), ("clusterScope", Flag)))),
            AnyObject, ["Status=.status.phase"]),
    ]), "v1alpha1", """{"entrypoint":"main","templates":[{"name":"main","steps":[[{"name":"a","template":"b","withItems":[1,"x",{"y":[true]}],"inline":{"anything":{"goes":1}}}]]},{"name":"b","container":{"name":"","image":"x"},"plugin":{"p":{"q":1}}}],"arguments":{"parameters":[{"name":"p","value":3}]}}""",
        ("templates.0.steps.0", "{}", "spec.templates[0].steps[0]: Invalid value: \"object\""), ("templates.1.container.name", null, "spec.templates[1].container.name: Required value"));

    private static JsonObject Transforms => List(Fields(("type!", Text(oneOf: ["map", "match", "math", "string", "convert"])), ("map", Map(Anything)), ("math", Fields(("type", Text(given: "Multiply", oneOf: ["Multiply", "ClampMin", "ClampMax"])), ("multiply", Number(format: "int64")))),
        ("match", Fields(("fallbackTo", Text(given: "Value", oneOf: ["Value", "Input"])), ("fallbackValue", Anything), ("patterns", List(Fields(("type!", Text(oneOf: ["literal", "regexp"])), ("literal", Text()), ("regexp", Text()), ("result!", Anything)))))),
        ("string", Fields(("type", Text(given: "Format")), ("fmt", Text()), ("convert", Text()), ("join", Fields(("separator!", Text()))), ("regexp", Fields(("match!", Text()), ("group", Number()))))), ("convert", Fields(("toType!", Text(oneOf: ["string", "int", "bool", "float64", "object", "array"])), ("format", Text())))));

    private static JsonObject Patches => List(Fields(("type", Text(given: "FromCompositeFieldPath")), ("fromFieldPath", Text()), ("toFieldPath", Text()), ("patchSetName", Text()), ("policy", Fields(("fromFieldPath", Text(oneOf: ["Optional", "Required"])), ("toFieldPath", Text()))),
        ("combine", Fields(("strategy!", Text(oneOf: ["string"])), ("variables!", List(Fields(("fromFieldPath!", Text())), least: 1)), ("string", Fields(("fmt!", Text()))))), ("transforms", Transforms)));

    private static OperatorDefinition Compositions() => new(Definition("compositions", "Composition", "cloud.example.com",
    [
        Version("v1", true, Fields(("compositeTypeRef!", Fields(("apiVersion!", Text()), ("kind!", Text())).Ruled(("self == oldSelf", "what is composed stays"))), ("mode", Text(given: "Pipeline", oneOf: ["Pipeline", "Resources"])), ("writeConnectionSecretsToNamespace", Text()),
            ("patchSets", List(Fields(("name!", Text()), ("patches!", Patches)))),
            ("resources", List(Fields(("name", Text()), ("base!", new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true, ["x-kubernetes-embedded-resource"] = true }), ("patches", Patches), ("connectionDetails", List(Fields(("name", Text()), ("fromFieldPath", Text()), ("value", Text())))),
                ("readinessChecks", List(Fields(("type!", Text(oneOf: ["MatchString", "NonEmpty", "None"])), ("fieldPath", Text()), ("matchString", Text()))))))),
            ("pipeline", List(Fields(("step!", Text()), ("functionRef!", Fields(("name!", Text()))), ("input", new JsonObject { ["type"] = "object", ["x-kubernetes-preserve-unknown-fields"] = true, ["x-kubernetes-embedded-resource"] = true }),
                ("credentials", List(Fields(("name!", Text()), ("source!", Text(oneOf: ["None", "Secret"])), ("secretRef", Fields(("name!", Text()), ("namespace!", Text())))), null, null, "map", "name"))), 99, 1, "map", "step")))
            .Ruled(("self.mode != 'Pipeline' || has(self.pipeline)", "a pipeline has steps"), ("self.mode != 'Resources' || has(self.resources)", "resources are named")),
            Fields(("conditions", Conditions)), ["Kind=.spec.compositeTypeRef.kind"]),
    ]), "v1", """{"compositeTypeRef":{"apiVersion":"a/v1","kind":"K"},"pipeline":[{"step":"one","functionRef":{"name":"f"},"input":{"apiVersion":"f/v1","kind":"Input","spec":{"free":["form"]}}}]}""",
        ("pipeline", null, "spec: Invalid value: a pipeline has steps"), ("pipeline.0.input.kind", null, "spec.pipeline[0].input.kind: Required value"), ("mode", "\"Magic\"", "spec.mode: Unsupported value: \"Magic\""));
}
