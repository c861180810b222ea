using System.Collections.Immutable;
using System.Net;
using Coracle.Node.Network;

namespace Coracle.Node.Dns;

/// <summary>
/// Answers for the cluster's names from one snapshot, as the Kubernetes DNS specification 1.1.0 has it; where that leaves a choice, as
/// CoreDNS does with <c>pods insecure</c> and <c>fallthrough in-addr.arpa ip6.arpa</c>. Pure: no clock, no network.
/// <code>
/// SERVICE.NS.svc.DOMAIN                A, AAAA   the cluster IPs; of a headless service, its ready endpoints; CNAME of an ExternalName
/// HOSTNAME.SERVICE.NS.svc.DOMAIN       A, AAAA   one endpoint, by its hostname or its dashed address
/// _PORT._PROTO.SERVICE.NS.svc.DOMAIN   SRV       ports, at the service's name or at each endpoint's
/// 1-2-3-4.NS.pod.DOMAIN                A, AAAA   the address in the name
/// 4.3.2.1.in-addr.arpa                 PTR       services by cluster IP, else endpoints; unknown ones are not ours to deny
/// dns-version.DOMAIN                   TXT       the specification's version
/// DOMAIN                               SOA, NS   ns.dns.DOMAIN is the name service
/// </code>
/// </summary>
public sealed class ClusterZone
{
    private const uint VersionTtl = 28800;

    private readonly ZoneOptions _options;
    private readonly NetworkSnapshot _snapshot;
    private readonly uint _ttl;
    private readonly uint _serial;
    private readonly int _domainLabels;
    private readonly DnsName _nameServer;
    private readonly Lazy<Dictionary<IPAddress, ImmutableArray<DnsName>>> _reverse;

    /// <param name="serial">The SOA's serial number: grows with every change, for example the Unix time of the last one.</param>
    public ClusterZone(ZoneOptions options, NetworkSnapshot snapshot, uint serial)
    {
        _options = options;
        _snapshot = snapshot;
        _ttl = (uint)options.Ttl.TotalSeconds;
        _serial = serial;
        _domainLabels = options.Domain.LabelCount;
        _nameServer = Below(options.Domain, "ns", "dns") ?? options.Domain;
        _reverse = new Lazy<Dictionary<IPAddress, ImmutableArray<DnsName>>>(IndexAddresses);
    }

    public NetworkSnapshot Snapshot => _snapshot;

    /// <summary>The answer, or null if the name is not this zone's to know: then somebody else is to be asked.</summary>
    public ZoneAnswer? Answer(DnsQuestion question)
    {
        var labels = question.Name.LowerLabels();
        if (question.Name.IsWithin(_options.Domain))
        {
            return AnswerInDomain(question, labels[..^_domainLabels]);
        }

        return ReverseName.Parse(labels) is { } address ? AnswerReverse(question, address) : null;
    }

    private ZoneAnswer AnswerInDomain(DnsQuestion question, string[] labels) => labels switch
    {
        [] => AnswerApex(question),
        ["svc"] or ["pod"] or ["dns"] => NoData(),
        [.. var above, "svc"] => AnswerService(question, above),
        [.. var above, "pod"] => AnswerPod(question, above),
        ["ns", "dns"] => Addresses(question, question.Name, _options.NameServers),
        ["dns-version"] => question.Type == DnsType.TXT
            ? Found(new DnsRecord(question.Name, DnsType.TXT, DnsClass.IN, VersionTtl, RData.Bytes("\u00051.1.0"u8.ToArray())))
            : NoData(),
        _ => NoName(),
    };

    private ZoneAnswer AnswerApex(DnsQuestion question) => question.Type switch
    {
        DnsType.SOA => Found(Soa(_options.Domain)),
        DnsType.NS => Found(new DnsRecord(question.Name, DnsType.NS, DnsClass.IN, _ttl, RData.Of(_nameServer))) with
        {
            Additional = [.. _options.NameServers.Select(ip => DnsRecord.Address(_nameServer, _ttl, ip))],
        },
        _ => NoData(),
    };

    private ZoneAnswer AnswerPod(DnsQuestion question, string[] labels) => labels switch
    {
        [var ns] => NamespaceExists(ns) ? NoData() : NoName(),
        [var pod, var ns] when NamespaceExists(ns) && ReverseName.ParseDashed(pod) is { } address =>
            Addresses(question, question.Name, [address]),
        _ => NoName(),
    };

    private ZoneAnswer AnswerService(DnsQuestion question, string[] labels)
    {
        if (labels is [var onlyNamespace])
        {
            return NamespaceExists(onlyNamespace) ? NoData() : NoName();
        }

        if (labels is not [.. var before, var name, var ns]
            || before.Length > 2
            || !_snapshot.Services.TryGetValue(new ServiceKey(ns, name), out var view)
            || view.Spec is not { } service)
        {
            return NoName();
        }

        if (service.Type == ServiceType.ExternalName)
        {
            return before.Length == 0 ? AnswerAlias(question, service) : NoName();
        }

        // The service's own name as the client spelled it: records then compress against the question.
        return before switch
        {
            [] => Records(question, Targets(view, service, _ => true)),
            [var hostname] => AnswerEndpoint(question, view, service, hostname),
            [var port, var protocol] => Records(question, Targets(view, service, p => Matches(p, port, protocol))),
            _ => NoName(),
        };
    }

    private ZoneAnswer AnswerAlias(DnsQuestion question, ServiceSpec service)
    {
        // An address is no name: such a service exists for other consumers, not for DNS.
        if (IPAddress.TryParse(service.ExternalName, out _) || !DnsName.TryParse(service.ExternalName, out var target))
        {
            return NoName();
        }

        return Found(DnsRecord.CName(question.Name, _ttl, target)) with { Alias = question.Type == DnsType.CNAME ? null : target };
    }

    private ZoneAnswer AnswerEndpoint(DnsQuestion question, ServiceView view, ServiceSpec service, string hostname)
    {
        var targets = EndpointTargets(view, service, _ => true).Where(t => t.Hostname == hostname).ToList();
        if (targets.Count > 0)
        {
            return Records(question, targets);
        }

        // _tcp.SERVICE is no name with records, but it is above some, so it exists (RFC 8020).
        return hostname.StartsWith('_') && Targets(view, service, p => p.Name.Length > 0 && "_" + p.Protocol.Lower() == hostname).Count > 0
            ? NoData()
            : NoName();
    }

    private ZoneAnswer Records(DnsQuestion question, List<Target> targets)
    {
        if (targets.Count == 0)
        {
            return NoName();
        }

        return question.Type == DnsType.SRV
            ? ServiceRecords(question, targets)
            : Addresses(question, question.Name, targets.Select(t => t.Address));
    }

    private ZoneAnswer ServiceRecords(DnsQuestion question, List<Target> targets)
    {
        var places = targets.Where(t => t.Port > 0).DistinctBy(t => (t.Owner, t.Port)).ToList();
        if (places.Count == 0)
        {
            return NoData();
        }

        var weight = Math.Max(1, 100 / places.Count);
        return new ZoneAnswer(
            DnsCode.NoError,
            [.. places.Select(t => DnsRecord.Srv(question.Name, _ttl, priority: 0, weight, t.Port, t.Owner))],
            [],
            [.. targets.DistinctBy(t => (t.Owner, t.Address)).Select(t => DnsRecord.Address(t.Owner, _ttl, t.Address))]);
    }

    private ZoneAnswer Addresses(DnsQuestion question, DnsName name, IEnumerable<IPAddress> addresses)
    {
        IpFamily? family = question.Type switch { DnsType.A => IpFamily.IPv4, DnsType.AAAA => IpFamily.IPv6, _ => null };
        ImmutableArray<DnsRecord> records =
            [.. addresses.Where(ip => ip.FamilyOf() == family).Distinct().Select(ip => DnsRecord.Address(name, _ttl, ip))];
        return records.IsEmpty ? NoData() : new ZoneAnswer(DnsCode.NoError, records, [], []);
    }

    private ZoneAnswer? AnswerReverse(DnsQuestion question, IPAddress address)
    {
        if (!_reverse.Value.TryGetValue(address, out var names))
        {
            return null;
        }

        return question.Type == DnsType.PTR
            ? Found([.. names.Select(name => DnsRecord.Ptr(question.Name, _ttl, name))])
            : NoData(address.FamilyOf() == IpFamily.IPv6 ? ReverseName.V6Zone : ReverseName.V4Zone);
    }

    /// <summary>One address and port that a name leads to. Endpoints without ports have port 0.</summary>
    private sealed record Target(DnsName Owner, IPAddress Address, int Port, string Hostname = "");

    private List<Target> Targets(ServiceView view, ServiceSpec service, Func<NamedPort, bool> matches)
    {
        if (service.IsHeadless)
        {
            return EndpointTargets(view, service, matches);
        }

        return ServiceName(service.Key) is not { } owner
            ? []
            : [.. from port in service.Ports
                  where matches(new NamedPort(port.Name, port.Protocol))
                  from ip in service.ClusterIPs
                  select new Target(owner, ip, port.Port)];
    }

    private List<Target> EndpointTargets(ServiceView view, ServiceSpec service, Func<NamedPort, bool> matches)
    {
        var targets = new List<Target>();
        foreach (var slice in view.Slices.Values)
        {
            // A headless service may have no ports at all; its endpoints have addresses nevertheless.
            IEnumerable<EndpointPortSpec> ports = slice.Ports.IsEmpty ? [new EndpointPortSpec("", TransportProtocol.Tcp, 0)] : slice.Ports;
            var wanted = ports.Where(p => matches(new NamedPort(p.Name, p.Protocol))).ToList();
            foreach (var endpoint in slice.Endpoints.Where(e => IsPublished(e, service)))
            {
                var hostname = HostnameOf(endpoint);
                if (EndpointName(service.Key, hostname) is { } owner)
                {
                    targets.AddRange(wanted.Select(p => new Target(owner, endpoint.Address, p.Port, hostname)));
                }
            }
        }

        return targets;
    }

    private readonly record struct NamedPort(string Name, TransportProtocol Protocol);

    /// <summary>The leading underscores are part of the convention; as for CoreDNS, a query may leave them out.</summary>
    private static bool Matches(NamedPort port, string label, string protocol) =>
        port.Name == Bare(label) && port.Protocol.Lower() == Bare(protocol);

    private static string Bare(string label) => label.StartsWith('_') ? label[1..] : label;

    private static bool IsPublished(EndpointSpec endpoint, ServiceSpec service) => endpoint.Ready || service.PublishNotReadyAddresses;

    private static string HostnameOf(EndpointSpec endpoint) =>
        endpoint.Hostname.Length > 0 ? endpoint.Hostname.ToLowerInvariant() : ReverseName.Dashed(endpoint.Address);

    private Dictionary<IPAddress, ImmutableArray<DnsName>> IndexAddresses()
    {
        var byService = new Dictionary<IPAddress, ImmutableArray<DnsName>>();
        var byEndpoint = new Dictionary<IPAddress, ImmutableArray<DnsName>>();
        foreach (var (key, view) in _snapshot.Services)
        {
            if (view.Spec is not { } service)
            {
                continue;
            }

            foreach (var ip in service.ClusterIPs)
            {
                Add(byService, ip, ServiceName(key));
            }

            foreach (var endpoint in view.Slices.Values.SelectMany(s => s.Endpoints).Where(e => IsPublished(e, service)))
            {
                Add(byEndpoint, endpoint.Address, EndpointName(key, HostnameOf(endpoint)));
            }
        }

        foreach (var (ip, names) in byEndpoint)
        {
            byService.TryAdd(ip, names);
        }

        return byService;

        static void Add(Dictionary<IPAddress, ImmutableArray<DnsName>> index, IPAddress ip, DnsName? name)
        {
            var known = index.GetValueOrDefault(ip, []);
            if (name is not null && !known.Contains(name))
            {
                index[ip] = known.Add(name);
            }
        }
    }

    private bool NamespaceExists(string name) => _snapshot.Namespaces?.Contains(name) ?? true;

    private DnsName? ServiceName(ServiceKey key) => Below(_options.Domain, key.Name, key.Namespace, "svc");

    private DnsName? EndpointName(ServiceKey key, string hostname) => Below(_options.Domain, hostname, key.Name, key.Namespace, "svc");

    private static DnsName? Below(DnsName zone, params ReadOnlySpan<string> labels) => zone.TryPrepend(labels, out var name) ? name : null;

    private static ZoneAnswer Found(params ImmutableArray<DnsRecord> answers) => new(DnsCode.NoError, answers, [], []);

    private ZoneAnswer NoData(DnsName? zone = null) => new(DnsCode.NoError, [], [Soa(zone ?? _options.Domain)], []);

    private ZoneAnswer NoName() => new(DnsCode.NXDomain, [], [Soa(_options.Domain)], []);

    private DnsRecord Soa(DnsName zone)
    {
        var timers = new byte[20];
        uint[] values = [_serial, 7200, 1800, 86400, _ttl];
        for (var i = 0; i < values.Length; i++)
        {
            System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(timers.AsSpan(4 * i), values[i]);
        }

        var mailbox = Below(_options.Domain, "hostmaster") ?? _options.Domain;
        return new DnsRecord(zone, DnsType.SOA, DnsClass.IN, _ttl, RData.Of(_nameServer, mailbox, timers));
    }
}
