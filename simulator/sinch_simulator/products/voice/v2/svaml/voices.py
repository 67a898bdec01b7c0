"""The voices of SVAML v2 by name, and the language that each speaks (docs/platform/voice-v2.md#3.4).

The names are documented, a closed list of 772. The languages are documented in words, as *English (India)*; the tags
here stand for those words.
"""

from functools import lru_cache

from sinch_simulator.core.locales import FALLBACK_LOCALE

# The language first, then its voices; a language with many of them has several lines.
_VOICES_TEXT = """
    af-ZA Adri Willem
    am-ET Ameha Mekdes
    ar-AE Fatima Hamdan
    ar-BH Ali Laila
    ar-DZ Amina Ismael
    ar-EG Salma Shakir
    ar-IQ Bassel Rana
    ar-JO Sana Taim
    ar-KW Fahed Noura
    ar-LB Layla Rami
    ar-LY Iman Omar
    ar-MA Jamal Mouna
    ar-OM Abdullah Aysha
    ar-QA Amal Moaz
    ar-SA Hala Hamed Zariyah Zayd Zeina
    ar-SY Amany Laith
    ar-TN Hedi Reem
    ar-YE Maryam Saleh
    as-IN Priyom Yashica
    az-AZ Babek Banu
    bg-BG Borislav Kalina
    bn-BD Nabanita Pradeep
    bn-IN Bashkar Tanishaa
    bs-BA Goran Vesna
    ca-ES Alba Arlet Enric Joana
    cmn-CN Zhiyu Zhiyu_2
    cs-CZ Antonin Jitka Vlasta
    cy-GB Aled Geraint Gwyneth Nia
    da-DK Christel Jeppe Mads Naja Soffie
    de-AT Hannah Hannah_2 Ingrid Jonas
    de-CH Jan Leni Sabrina Sabrina_2
    de-DE Amala Bernd Christoph Conrad Daniel Daniel_2 Elke Florian Florian_2 Gisela Hans Kasper Katja
    de-DE Killian Klarissa Klaus Lennart Louisa Maja Marlene Ralf Seraphina Seraphina_2 Tanja Vicki Vicki_2
    de-DE Vicki_3
    el-GR Athina Nestoras
    en-AU Annette Carly Darren Duncan Elsie Freya Joanne Ken Kim Livia Livia_2 Natasha Neil Nicole Russell
    en-AU Tim Tina William William_2
    en-CA Clara Liam
    en-GB Abbi Ada Ada_2 Alfie Amy Amy_2 Amy_3 Arthur Bella Bryan Bryan_2 Bryan_3 Elliot Ethan Gemma Gemma_2
    en-GB Hollie Libby Maisie Noah Oliver Olivia Ollie Ollie_2 Ryan_2 Sonia Thomas
    en-HK Sam Yan
    en-IE Connor Emily Niamh Niamh_2
    en-IN Aarav_2 Aarti_2 Aarti_3 Aashi Aditi Ananya_2 Arjun Arjun_2 Kajal Kajal_2 Kavya_2 Kunal_2 Neerja
    en-IN Neerja_2 Prabhat Prabhat_2 Raveena Rehaan_2
    en-KE Asilia Chilemba
    en-NG Abeo Ezinne
    en-NZ Arya Arya_2 Mitchell Molly
    en-PH James Rosa
    en-SG Jasmine Jasmine_2 Luna Wayne
    en-TZ Elimu Imani
    en-US Adam Adam_2 Alloy Alloy_2 Amanda Amber Ana Andrew Andrew_2 Andrew_3 Andrew_4 Aria Aria_2 Ashley
    en-US Ava Ava_2 Ava_3 Brandon Brandon_2 Bree Brian Brian_2 Brian_3 Christopher Christopher_2 Cora Cora_2
    en-US Danielle Danielle_2 Davis Davis_2 Davis_3 Derek Dustin Echo Elizabeth Emma Emma_2 Emma_3 Emma_4
    en-US Eric Evelyn Fable Gregory Guy Ivy Ivy_2 Jacob Jane Jane_2 Jason Jenny Jenny_2 Jenny_3 Jimmie
    en-US Joanna Joanna_2 Joanna_3 Joey Joey_2 Justin Justin_2 Kai Kendra Kendra_2 Kevin Kimberly Kimberly_2
    en-US Lewis Lola Luna_2 Matthew Matthew_2 Matthew_3 Michelle Monica Nancy Nancy_2 Nova Nova_2 Onyx
    en-US Phoebe Phoebe_2 Roger Ruth Ruth_2 Ryan Salli Salli_2 Salli_3 Samuel Sara Serena Serena_2 Shimmer
    en-US Steffan Steffan_2 Steffan_3 Stephen Stephen_2 Tiana Tiffany Tony Tyler
    en-ZA Ayanda Ayanda_2 Leah Luke
    es-AR Elena Tomas
    es-BO Marcelo Sofia
    es-CL Catalina Lorenzo
    es-CO Gonzalo Salome
    es-CR Juan Maria
    es-CU Belkys Manuel
    es-DO Emilio Ramona
    es-EC Andrea Luis
    es-ES Conchita Enrique Lucia Lucia_2 Lucia_3 Sergio Sergio_2 Abril Alvaro Arabella Arnau Dario Elias
    es-ES Elvira Estrella Irene Isidora Laia Lia Nil Saul Teo Triana Tristan_ES Tristan_ES_2 Vera Ximena_ES
    es-ES Ximena_ES_2 Ximena_ES_3
    es-GQ Javier Teresa
    es-GT Andres Marta
    es-HN Carlos Karla
    es-MX Andre Andre_2 Beatriz Candela Carlota Cecilio Dalia Dalia_2 Gerardo Jorge Jorge_2 Larissa Liberto
    es-MX Luciano Marina Mia Mia_2 Mia_3 Nuria Pelayo Renata Tristan Ximena Yago
    es-NI Federico Yolanda
    es-PA Margarita Roberto
    es-PE Alex Camila
    es-PR Karina Victor
    es-PY Mario Tania
    es-SV Lorena Rodrigo
    es-US Alonso Lupe Lupe_2 Lupe_3 Miguel Paloma Pedro Pedro_2 Penelope
    es-UY Mateo Valentina
    es-VE Paola Sebastian
    et-EE Anu Kert
    eu-ES Ainhoa Ander
    fa-IR Dilara Farid
    fi-FI Harri Noora Selma Suvi
    fil-PH Angelo Blessica
    fr-BE Charline Gerard Isabelle Isabelle_2
    fr-CA Antoine Chantal Gabrielle Gabrielle_2 Jean Lian Lian_2 Sylvie Sylvie_2 Thierry Thierry_2
    fr-CH Ariane Fabrice
    fr-FR Alain Ambre Brigitte Celeste Celine Celine_2 Claude Coralie Denise Eloise Florin Henri Jacqueline
    fr-FR Jerome Josephine Lea Lea_2 Lea_3 Lucien Mathieu Maurice Remi Remi_2 Remy Remy_2 Vivienne
    fr-FR Vivienne_2 Yves Yvette
    ga-IE Colm Orla
    gl-ES Roi Sabela
    gu-IN Dhwani Niranjan
    he-IL Avri Hila
    hi-IN Aarav Aarti Ananya Arjun_3 Kavya Kunal Madhur Rehaan Swara
    hr-HR Gabrijela Srecko
    hu-HU Noemi Tamas
    hy-AM Anahit Hayk
    id-ID Ardi Gadis
    is-IS Dora Gudrun Gunnar Karl
    it-IT Adriano Alessio Alessio_2 Beatrice Benigno Bianca Bianca_2 Bianca_3 Calimero Carla Cataldo Diego
    it-IT Elsa Fabiola Fiamma Gianni Giorgio Giuseppe Giuseppe_2 Imelda Irma Isabella Isabella_2 Isabella_3
    it-IT Lisandro Lorenzio Marcello Palmira Pierina Rinaldo
    iu-Cans-CA Siqiniq Taqqiq
    iu-Latn-CA Siqiniq_2 Taqqiq_2
    ja-JP Aoi Daichi Kazuha Keita Masaru Mayu Mizuki Nanami Nanami_2 Naoki Shiori Takumi Takumi_2 Tomoko
    jv-ID Dimas Siti
    ka-GE Eka Giorgi
    kk-KZ Aigul Daulet
    km-KH Piseth Sreymom
    kn-IN Gagan Sapna
    ko-KR BongJin GookMin Hyunsu Hyunsu_2 Hyunsu_3 InJoon Jihye JiMin SeoHyeon Seoyeon Seoyeon_2 Seoyeon_3
    ko-KR SoonBok SunHi SunHi_2 YuJin
    lo-LA Chanthavong Keomany
    lt-LT Leonas Ona
    lv-LV Everita Nils
    mk-MK Aleksandar Marija
    ml-IN Midhun Sobhana
    mn-MN Bataa Yesui
    mr-IN Aarohi Manohar
    ms-MY Osman Yasmin
    mt-MT Grace Joseph
    my-MM Nilar Thiha
    nb-NO Finn Ida Iselin Liv Pernille
    ne-NP Hemkala Sagar
    nl-BE Arnaud Dena Lisa Lisa_2
    nl-NL Colette Fenna Laura Laura_2 Lotte Maarten Ruben
    or-IN Subhasini Sukant
    pa-IN Ojas Vaani
    pl-PL Agnieszka Ewa Ewa_2 Jacek Jann Marek Maya Ola Ola_2 Zofia
    ps-AF GulNawaz Latifa
    pt-BR Antonio Brenda Camilla Camilla_2 Camilla_3 Cristiano Donato Elza Fabio Francisca Giovanna Humberto
    pt-BR Ines Ines_2 Julio Leila Leticia Macerio Macerio_2 Manuela Nicolau Ricardo Thalita Thalita_2
    pt-BR Thalita_3 Thiago Valerio Vitoria Vitoria_2 Yara
    pt-PT Duarte Fernanda Raquel
    ro-RO Alina Carmen Emil
    ru-RU Dariya Dmitry Maxim Svetlana Tatyana
    si-LK Sameera Thilini
    sk-SK Lukas Viktoria
    sl-SI Petra Rok
    so-SO Muuse Ubax
    sq-AL Anila Ilir
    sr-Latn-RS Nicholas_2 Sophie_2
    sr-RS Nicholas Sophie
    su-ID Jajang Tuti
    sv-SE Astrid Elin Hillevi Mattias Sofie
    sw-KE Rafiki Zuri
    sw-TZ Daudi Rehema
    ta-IN Pallavi Valluvar
    ta-LK Kumar Saranya
    ta-MY Kani Surya
    ta-SG Anbu Venba
    te-IN Mohan Shruti
    th-TH Achara Niwat Premwadee
    tr-TR Ahmet Burcu Emel Filiz
    uk-UA Ostap Polina
    ur-IN Gul Salman
    ur-PK Asad Uzma
    uz-UZ Madina Sardor
    vi-VN HoaiMy NamMinh
    wuu-CN Xiaotong Yunzhe
    yue-CN XiaoMin YunSong
    zh-CN Xiaochen Xiaochen_2 Xiaochen_3 Xiaochen_4 Xiaohan Xiaohan_2 Xiaomeng Xiaomo Xiaoqiu Xiaorou
    zh-CN Xiaorui Xiaoshuang Xiaoshuang_2 Xiaoshuang_3 Xiaoxiao Xiaoxiao_2 Xiaoxiao_3 Xiaoxiao_4 Xiaoxiao_5
    zh-CN Xiaoyan Xiaoyi Xiaoyi_2 Xiaoyou Xiaoyou_2 Xiaoyou_3 Xiaoyu Xiaoyu_2 Xiaozhen Yunfan Yunfan_2
    zh-CN Yunfeng Yunhan Yunhao Yunjian Yunjie Yunxi Yunxi_2 Yunxia Yunxia_2 Yunxiao Yunxiao_2 Yunyang Yunye
    zh-CN Yunye_2 Yunyi Yunyi_2 Yunze
    zh-CN-henan Yundeng
    zh-CN-shandong Yunxiang
    zh-HK Hiujin HiuGaai HiuMaan WanLung
    zh-TW HsiaoChen HsiaoYu YunJhe
    zu-ZA Thando Themba
"""


@lru_cache(maxsize=1)
def voices() -> dict[str, str]:
    """Returns the language of every voice, by its name."""
    lines = [line.split() for line in _VOICES_TEXT.splitlines() if line.strip()]
    return {name: locale for locale, *names in lines for name in names}


def language_of(voice: str) -> str:
    """Returns the language that a voice speaks; of a voice that is not known the platform's fallback."""
    return voices().get(voice, FALLBACK_LOCALE)
