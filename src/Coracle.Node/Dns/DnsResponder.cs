using System.Collections.Immutable;
using Coracle.Node.Network;

namespace Coracle.Node.Dns;

/// <summary>
/// Turns a query's bytes into a response's, whatever they came over.
/// <list type="number">
/// <item>Read it; refuse what is no plain query for one name of the Internet.</item>
/// <item>Ask the cluster's zone.</item>
/// <item>Ask upstream, if the zone does not know; also for the name that an ExternalName service stands for.</item>
/// <item>Put addresses in random order, so that clients that take the first one spread.</item>
/// </list>
/// </summary>
internal sealed class DnsResponder(
    ZoneOptions zoneOptions, NetworkDirectory directory, Forwarder forwarder, TimeProvider time, Random random)
{
    private const int AliasesMax = 8;

    private readonly Lock _gate = new();
    private ClusterZone? _zone;
    private DnsCounts _counts = new();

    public DnsCounts Counts
    {
        get
        {
            lock (_gate)
            {
                return _counts;
            }
        }
    }

    /// <summary>The response, in at most as many bytes as the client takes; null if there is nothing to say. Never throws.</summary>
    public async ValueTask<byte[]?> RespondAsync(ReadOnlyMemory<byte> bytes, bool overTcp)
    {
        // 1.
        if (!DnsReader.TryRead(bytes.Span, out var query))
        {
            var header = DnsReader.ReadHeader(bytes.Span);
            return header is null or { IsResponse: true } ? null : Write(header, header.Respond(DnsCode.FormErr), overTcp);
        }

        if (query.IsResponse)
        {
            return null;
        }

        if (Refusal(query) is { } code)
        {
            Count(c => c with { Queries = c.Queries + 1 });
            return Write(query, query.Respond(code), overTcp);
        }

        // 2., 3., 4.
        var response = await AnswerAsync(query);
        Count(c => c with { Queries = c.Queries + 1, Failures = c.Failures + (response.Code == DnsCode.ServFail ? 1 : 0) });
        return Write(query, response with { Answers = Shuffled(response.Answers) }, overTcp);
    }

    private DnsCode? Refusal(DnsMessage query) => query switch
    {
        { OpCode: not 0 } => DnsCode.NotImp,
        { Questions.Length: not 1 } => DnsCode.FormErr,
        { Edns.Version: > 0 } => DnsCode.BadVers,
        { Questions: [{ Class: not DnsClass.IN } or { Type: DnsType.AXFR or DnsType.IXFR or DnsType.OPT }] } => DnsCode.Refused,
        _ => forwarder.IsProbe(query.Questions[0]) ? DnsCode.Refused : null,
    };

    private async ValueTask<DnsMessage> AnswerAsync(DnsMessage query)
    {
        var answers = ImmutableArray.CreateBuilder<DnsRecord>();
        var question = query.Questions[0];
        for (var aliases = 0; aliases <= AliasesMax; aliases++)
        {
            if (!directory.Current.IsComplete && question.Name.IsWithin(zoneOptions.Domain))
            {
                // To deny a name now would be remembered by the client when it exists.
                return query.Respond(DnsCode.ServFail);
            }

            if (Zone().Answer(question) is not { } local)
            {
                var found = await forwarder.LookUpAsync(question, query);
                Count(c => c with { Forwarded = c.Forwarded + 1 });
                return Respelled(query, question, found, answers.Concat(found.Answers));
            }

            answers.AddRange(local.Answers);
            if (local.Alias is not { } alias)
            {
                return query.Respond(local.Code) with
                {
                    Authoritative = true, Answers = answers.DrainToImmutable(), Authority = local.Authority, Additional = local.Additional,
                };
            }

            question = question with { Name = alias };
        }

        return query.Respond(DnsCode.ServFail);
    }

    /// <summary>An upstream's response as ours: with the client's spelling of the name, which a cached answer need not have.</summary>
    private static DnsMessage Respelled(DnsMessage query, DnsQuestion question, DnsMessage found, IEnumerable<DnsRecord> answers) =>
        query.Respond(found.Code) with
        {
            AuthenticData = found.AuthenticData,
            Answers = [.. answers.Select(r => r.Name.Equals(question.Name) ? r with { Name = question.Name } : r)],
            Authority = found.Authority,
            Additional = found.Additional,
        };

    /// <summary>The zone of the current snapshot.</summary>
    private ClusterZone Zone()
    {
        var snapshot = directory.Current;
        lock (_gate)
        {
            if (_zone is null || !ReferenceEquals(_zone.Snapshot, snapshot))
            {
                _zone = new ClusterZone(zoneOptions, snapshot, (uint)time.GetUtcNow().ToUnixTimeSeconds());
            }

            return _zone;
        }
    }

    private ImmutableArray<DnsRecord> Shuffled(ImmutableArray<DnsRecord> answers)
    {
        if (answers.Length < 2 || !answers.All(r => r.Type is DnsType.A or DnsType.AAAA))
        {
            return answers;
        }

        var shuffled = answers.ToArray();
        lock (_gate)
        {
            random.Shuffle(shuffled);
        }

        return [.. shuffled];
    }

    private static byte[] Write(DnsMessage query, DnsMessage response, bool overTcp)
    {
        var limit = overTcp ? DnsLimits.MessageMax : Math.Min(query.Edns?.UdpPayload ?? DnsLimits.UdpPayloadMin, DnsLimits.UdpPayloadMax);
        return DnsWriter.Write(response, limit);
    }

    private void Count(Func<DnsCounts, DnsCounts> change)
    {
        lock (_gate)
        {
            _counts = change(_counts);
        }
    }
}

/// <summary>What the server did since it started.</summary>
/// <param name="Queries">Queries answered, refused ones included.</param>
/// <param name="Forwarded">Of these, how many needed an answer from upstream, cached or not.</param>
/// <param name="Failures">Of these, how many were answered SERVFAIL.</param>
public sealed record DnsCounts(long Queries = 0, long Forwarded = 0, long Failures = 0);
